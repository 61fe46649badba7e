#include "node/demo/demo.h"

#include <algorithm>
#include <filesystem>

#include "node/demo/findings.h"
#include "node/demo/interrupt.h"
#include "node/demo/seats.h"
#include "node/demo/story.h"
#include "node/demo/traffic.h"

namespace simpul {
namespace {

constexpr unsigned kRateMax = 600;
constexpr unsigned kBurstRate = 150;  // cases a minute, before the table is shown
constexpr std::chrono::seconds kBurst{24};
constexpr std::chrono::milliseconds kPlayEvery{20};
constexpr std::chrono::seconds kStatusEvery{1};

using Clock = std::chrono::steady_clock;

Result<void> play_for(Traffic& traffic, DemoFederation& federation, Clock::duration time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    SIMPUL_TRY_VOID(traffic.play());
    SIMPUL_TRY_VOID(federation.all_run());
    SIMPUL_TRY_VOID(rest(kPlayEvery));
  }
  return {};
}

Result<void> burst(Traffic& traffic, DemoFederation& federation, Voice& voice, unsigned rate) {
  const unsigned fast = std::max(rate, kBurstRate);
  const std::string shown = std::to_string(fast), time = std::to_string(kBurst.count());
  voice.heading({"Lalu lintas: " + shown + " laporan per menit selama " + time + " detik",
                 "Traffic: " + shown + " complaints a minute for " + time + " seconds"});
  traffic.set_rate(fast);
  SIMPUL_TRY_VOID(play_for(traffic, federation, kBurst));
  traffic.set_rate(0);
  voice.step({"Tidak ada laporan baru; yang berjalan diselesaikan",
              "No new complaints; those on their way are carried through"});
  while (!traffic.is_done()) SIMPUL_TRY_VOID(play_for(traffic, federation, kPlayEvery));
  return {};
}

void show_where(const DemoFederation& federation, Voice& voice) {
  std::error_code error;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", error).string();
  const std::string folder = federation.folder().path();
  voice.line("\n== " + voice.in({"Untuk melihat-lihat, dari terminal lain",
                                 "To look around, from another terminal"}));
  voice.line(voice.in({"   Folder setiap simpul: ", "   Each node's folder: "}) + folder +
             "/{lapor,51,34,13,51.03,34.04,36.03,pupr,kemenkes}");
  for (const char* command : {"51.03 case list", "51.03 status", "51 case list --status answered",
                              "lapor hub members", "lapor log verify"}) {
    const std::string words = command;
    const std::size_t space = words.find(' ');
    voice.line("   " + program + " --home " + folder + "/" + words.substr(0, space) +
               words.substr(space));
  }
}

// Until Ctrl-C.
Result<void> run_on(Traffic& traffic, DemoFederation& federation, Voice& voice, unsigned rate) {
  voice.heading(
      {"Federasi tetap berjalan, " + std::to_string(rate) + " laporan per menit; Ctrl-C mengakhiri",
       "The federation runs on, " + std::to_string(rate) + " complaints a minute; Ctrl-C ends it"});
  traffic.set_rate(rate);
  traffic.hush();
  for (;;) {
    SIMPUL_TRY(line, state_line(federation, voice));
    voice.status(line);
    SIMPUL_TRY_VOID(play_for(traffic, federation, kStatusEvery));
  }
}

// `at_rest`: set once all was shown, when a signal is how it should end.
Result<void> perform(const DemoOptions& options, DemoFederation& federation, Voice& voice,
                     bool& at_rest) {
  voice.heading({"Sembilan simpul, sembilan proses", "Nine nodes, nine processes"});
  SIMPUL_TRY_VOID(federation.start());
  voice.heading({"Kisah satu laporan: Badung, Bali, kementerian, selesai",
                 "The story of one case: Badung, Bali, a ministry, closed"});
  SIMPUL_TRY_VOID(tell_story(federation, voice));
  Traffic traffic(federation, voice, options.seed);
  SIMPUL_TRY_VOID(burst(traffic, federation, voice, options.rate_per_minute));
  SIMPUL_TRY_VOID(show_findings(federation, voice, traffic.opened() + 1));
  show_where(federation, voice);
  if (options.once) return {};
  at_rest = true;
  return run_on(traffic, federation, voice, options.rate_per_minute);
}

int demo(const DemoOptions& options, Voice& voice) {
  auto folder = DemoFolder::take(options.directory);
  if (!folder) {
    voice.complaint(folder.error().message);
    return interrupted() ? 130 : 1;
  }
  if (folder->ended() + folder->removed() > 0) {
    const std::string ended = std::to_string(folder->ended());
    voice.step(
        {"Demo sebelumnya dibersihkan: " + ended + " proses diakhiri, folder dihapus",
         "An earlier demo was cleared away: " + ended + " processes ended, folders removed"});
  }
  DemoFederation federation(*folder, voice);
  bool at_rest = false;
  const auto performed = perform(options, federation, voice, at_rest);
  voice.step({"Semua simpul diminta berhenti (SIGTERM)", "All nodes are asked to end (SIGTERM)"});
  const auto stopped = federation.stop();
  const bool early = !performed && interrupted() && !at_rest;
  if (!performed && !interrupted()) voice.complaint(performed.error().message);
  if (!stopped) voice.complaint(stopped.error().message);
  if (early) return 130;
  if ((!performed && !interrupted()) || !stopped) return 1;
  voice.step({"Selesai; tidak ada proses yang tertinggal", "Done; no process is left"});
  return 0;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  Voice voice(options.language != "en", options.quiet);
  if (options.language != "id" && options.language != "en") {
    voice.complaint("--lang is id or en, not '" + options.language + "'");
    return 2;
  }
  if (options.rate_per_minute < 1 || options.rate_per_minute > kRateMax) {
    voice.complaint("--rate is from 1 to " + std::to_string(kRateMax) + " cases a minute");
    return 2;
  }
  catch_interrupts();
  return demo(options, voice);
}

}  // namespace simpul
