#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "node/account.h"
#include "node/command_desk.h"
#include "node/control_client.h"
#include "node/control_server.h"
#include "tests/support/scratch_directory.h"

namespace simpul {
namespace {

using std::chrono::milliseconds;

Result<Json> echo(const ControlCall& request) {
  if (request.name == "refuse") {
    return fail(ErrorCode::kNotAllowed, "an open offer freezes this case");
  }
  return Json{
      {"name", request.name}, {"arguments", request.arguments}, {"account", request.account}};
}

TEST_CASE("a command and its answer travel over the control socket", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  const auto server = ControlServer::start(home, echo);
  REQUIRE(server);
  const auto answer = call_node(home, "case.open", {{"title", "Jalan rusak"}});
  REQUIRE(answer);
  CHECK((*answer)["name"] == "case.open");
  CHECK((*answer)["arguments"]["title"] == "Jalan rusak");
  CHECK((*answer)["account"] == account_text(::getuid()));

  struct stat status {};
  REQUIRE(::stat(home.control_socket().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a refusal keeps its code and its words", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  const auto server = ControlServer::start(home, echo);
  const auto answer = call_node(home, "refuse", Json::object());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kNotAllowed);
  CHECK(answer.error().message == "an open offer freezes this case");
}

TEST_CASE("nobody listening is said at once", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  const auto nobody = [&] {
    const auto answer = call_node(home, "status", Json::object());
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::kUnavailable);
    CHECK_THAT(answer.error().message, Catch::Contains("simpul run"));
  };
  nobody();
  { const auto server = ControlServer::start(home, echo); }
  nobody();
}

TEST_CASE("a node that does not answer in time is given up", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  std::promise<void> released;
  auto release = released.get_future().share();
  const auto server = ControlServer::start(home, [release](const ControlCall&) {
    release.wait();
    return Result<Json>(Json::object());
  });
  const auto answer = call_node(home, "slow", Json::object(), milliseconds{50});
  REQUIRE_FALSE(answer);
  CHECK_THAT(answer.error().message, Catch::Contains("in time"));
  released.set_value();
}

TEST_CASE("what is no request, and what is too large, is refused in words", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  const auto server = ControlServer::start(home, echo);
  const auto reply_to = [&](const auto& send) {
    const auto socket = connect_to(home);
    REQUIRE(socket);
    send(*socket);
    const auto length = read_length(*socket, std::nullopt);
    REQUIRE(length);
    return decode_reply(*read_body(*socket, *length, std::nullopt)).error().code;
  };
  for (const char* text : {"", "{", "[]", "{\"name\": 7}", "{\"name\":\"x\",\"arguments\":[]}"}) {
    INFO(text);
    CHECK(reply_to([&](const Descriptor& socket) {
            REQUIRE(write_message(socket, text, std::nullopt));
          }) == ErrorCode::kMalformed);
  }
  CHECK(reply_to([](const Descriptor& socket) {
          const std::uint8_t header[] = {0xff, 0xff, 0xff, 0xff};
          REQUIRE(::write(socket.get(), header, sizeof header) == sizeof header);
        }) == ErrorCode::kTooLarge);
}

TEST_CASE("many commands at once are all answered, large ones too", "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch / std::string(120, 'h'));  // longer than a socket's address may be
  REQUIRE(home.create());
  const auto server = ControlServer::start(home, echo);
  REQUIRE(server);
  std::vector<std::thread> clients;
  std::atomic<int> right = 0;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&, i] {
      const std::string text(i % 4 == 0 ? 3u << 20 : 10u, static_cast<char>('a' + i));
      const auto answer = call_node(home, "echo", {{"text", text}});
      if (answer && (*answer)["arguments"]["text"] == text) ++right;
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(right == 16);
}

TEST_CASE("stopping the server lets answers leave and waits for nobody's next request",
          "[control]") {
  const ScratchDirectory scratch;
  const Home home(scratch.path());
  auto server = ControlServer::start(home, echo);
  const auto idle = connect_to(home);
  REQUIRE(idle);
  REQUIRE(call_node(home, "echo", Json::object()));
  (*server)->stop();
  CHECK_FALSE(read_length(*idle, std::nullopt));
}

TEST_CASE("a command that waits when the node stops gets an answer", "[control]") {
  InputQueue queue;
  CommandDesk desk(queue);
  std::optional<Result<Json>> answer;
  std::thread client([&] { answer = desk.ask("case.open", Json::object(), 10); });
  REQUIRE(queue.take(std::chrono::seconds{10}).inputs.size() == 1);
  queue.close();
  desk.close();
  client.join();
  CHECK(answer->error().code == ErrorCode::kUnavailable);
  CHECK(desk.ask("case.open", Json::object(), 10).error().code == ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace simpul
