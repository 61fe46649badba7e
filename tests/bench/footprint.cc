// Memory of an idle node, measured in a process of its own.
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/bench/live_node.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kCases = 10'000;
constexpr double kAim = 30;  // MiB

struct Memory {
  double anonymous = 0, program = 0, mapped = 0;  // MiB
};

// From /proc/self/smaps: what is private to the process, the program and its libraries, and the
// pages of the database, which the system takes back when it wants.
Memory read_memory() {
  std::ifstream smaps("/proc/self/smaps");
  Memory memory;
  bool database = false, file = false;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream fields(line);
    std::string first, second;
    fields >> first >> second;
    if (first.find('-') != std::string::npos && first.back() != ':') {
      database = line.find("/data.mdb") != std::string::npos;
      file = line.find('/') != std::string::npos;
    } else if (first == "Rss:") {
      const double mib = std::stod(second) / 1024;
      (database ? memory.mapped : file ? memory.program : memory.anonymous) += mib;
    } else if (first == "Anonymous:" && file && !database) {
      const double mib = std::stod(second) / 1024;  // written parts of libraries
      memory.program -= mib;
      memory.anonymous += mib;
    }
  }
  return memory;
}

World footprint_world() {
  return small_world("");
}

void open_cases(const World& world, const std::string& directory) {
  Store store = world.open_store(directory, false);
  SeededRandom random(5);
  const auto engine = must(Engine::open(store, world.identity("51.03"), random, {}, kWorldStart));
  Instant now = kWorldStart;
  std::uint64_t command = 0;
  const auto step = [&](std::vector<Input> inputs) {
    for (const Output& output : engine->step(inputs, now += std::chrono::seconds{1})) {
      const auto* reply = std::get_if<ReplyOut>(&output);
      if (reply != nullptr && !reply->result) must(Result<Json>(reply->result));
    }
  };
  step({});
  std::vector<Input> inputs;
  inputs.emplace_back(CommandInput{++command, "recover.override", Json::object()});
  step(std::move(inputs));
  for (std::size_t done = 0; done < kCases; done += 100) {
    inputs.clear();
    for (int i = 0; i < 100; ++i) {
      inputs.emplace_back(CommandInput{
          ++command, "case.open", {{"category", "roads.surface"}, {"text", "A road is broken."}}});
    }
    step(std::move(inputs));
  }
}

std::string output_of(const std::string& program, const std::string& directory) {
  int ends[2];
  SIMPUL_CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(program.c_str(), program.c_str(), "--idle-node", directory.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t got; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  SIMPUL_CHECK(status == 0);
  return text;
}

}  // namespace

int idle_node(const std::string& directory) {
  const World world = footprint_world();
  const LiveNode node(world, "51.03", LiveNode::Options{.directory = directory});
  std::this_thread::sleep_for(std::chrono::seconds{2});
  const Memory memory = read_memory();
  std::printf("%f %f %f\n", memory.anonymous, memory.program, memory.mapped);
  return 0;
}

void measure_footprint(Run& run) {
  run.report.begin("footprint", "memory of an idle regency node with 10,000 cases");
  const std::string directory = run.directory + "/footprint";
  open_cases(footprint_world(), directory);
  std::istringstream text(output_of(run.program, directory));
  Memory memory;
  text >> memory.anonymous >> memory.program >> memory.mapped;
  run.report.add("its own and the program's text", memory.anonymous + memory.program, "MiB", "aim",
                 kAim);
  run.report.add("its own alone (anonymous)", memory.anonymous, "MiB");
  run.report.add("program and libraries", memory.program, "MiB");
  run.report.add("pages of the database, reclaimable", memory.mapped, "MiB");
  std::filesystem::remove_all(directory);
}

}  // namespace simpul::bench
