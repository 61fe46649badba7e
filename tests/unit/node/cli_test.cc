#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "crypto/encoding.h"
#include "node/cli/command_line.h"
#include "node/cli/completion.h"
#include "node/cli/format.h"

using namespace simpul;

namespace {

const std::map<std::string, std::string> kFiles = {
    {"-", "dari masukan\n"}, {"letter.txt", "isi surat\n"}, {"foto/jalan.JPG", "jpeg"}};

Result<Bytes> read_fake(const std::string& path) {
  const auto file = kFiles.find(path);
  if (file == kFiles.end()) return fail(ErrorCode::kNotFound, "cannot read " + path);
  return to_bytes(file->second);
}

auto parse(const std::string& line) {
  return parse_command_line(split(line, ' '), read_fake);
}

struct Mapping {
  const char* line;
  const char* call;
  const char* arguments;
};

View plain() {
  return {};
}

}  // namespace

TEST_CASE("each line becomes a command with its arguments", "[cli]") {
  const Mapping mapping = GENERATE(values<Mapping>({
      {"case open --category roads --text a", "case.open", R"({"category":"roads","text":"a"})"},
      {"case open --category roads --text - --identity-file letter.txt", "case.open",
       R"({"category":"roads","text":"dari masukan","identity":"isi surat"})"},
      {"case list --status verified --due-before 2026-01-05 --limit 5", "case.list",
       R"({"status":"verified","due_before":"2026-01-05","limit":5})"},
      {"case show C", "case.show", R"({"case":"C"})"},
      {"case timeline C", "case.timeline", R"({"case":"C"})"},
      {"case who C", "case.who", R"({"case":"C"})"},
      {"case verify C", "case.verify", R"({"case":"C"})"},
      {"case assign C --unit pu", "case.assign", R"({"case":"C","unit":"pu"})"},
      {"case postpone C --until 2026-02-01 --reason data-awaited", "case.postpone",
       R"({"case":"C","until":"2026-02-01","reason":"data-awaited"})"},
      {"case resume C", "case.resume", R"({"case":"C"})"},
      {"case forward C --to 51 --text-file letter.txt", "case.forward",
       R"({"case":"C","to":"51","text":"isi surat"})"},
      {"case accept C", "case.accept", R"({"case":"C"})"},
      {"case decline C --suggest pupr", "case.decline", R"({"case":"C","suggest":"pupr"})"},
      {"case recall C", "case.recall", R"({"case":"C"})"},
      {"case refer C --ground no-agreement", "case.refer",
       R"({"case":"C","ground":"no-agreement"})"},
      {"case progress C", "case.progress", R"({"case":"C"})"},
      {"case answer C --text selesai", "case.answer", R"({"case":"C","text":"selesai"})"},
      {"case close C --outcome duplicate --duplicate-of D", "case.close",
       R"({"case":"C","outcome":"duplicate","duplicate_of":"D"})"},
      {"case reopen C", "case.reopen", R"({"case":"C"})"},
      {"case reply C --text belum", "case.reply", R"({"case":"C","text":"belum"})"},
      {"case note C --internal --text x", "case.note",
       R"({"case":"C","internal":true,"text":"x"})"},
      {"case correct C --field region --value 51", "case.correct",
       R"({"case":"C","field":"region","value":"51"})"},
      {"case privacy C confidential", "case.privacy", R"({"case":"C","privacy":"confidential"})"},
      {"case rate C 4 --text bagus", "case.rate", R"({"case":"C","stars":4,"text":"bagus"})"},
      {"case erase C --for-good --ground court", "case.erase",
       R"({"case":"C","for_good":true,"ground":"court"})"},
      {"case hold C --text perkara", "case.hold", R"({"case":"C","text":"perkara"})"},
      {"case release C", "case.release", R"({"case":"C"})"},
      {"case split C --to pupr --text jembatan", "case.split",
       R"({"case":"C","to":"pupr","text":"jembatan"})"},
      {"case link C D --as duplicate-of --with 51", "case.link",
       R"({"case":"C","other":"D","as":"duplicate-of","with":"51"})"},
      {"case unlink C D --as part-of", "case.unlink", R"({"case":"C","other":"D","as":"part-of"})"},
      {"case links", "case.links", "{}"},
      {"case agree C", "case.agree", R"({"case":"C"})"},
      {"case disagree C --text lain", "case.disagree", R"({"case":"C","text":"lain"})"},
      {"case similar C --limit 3", "case.similar", R"({"case":"C","limit":3})"},
      {"case withdraw C", "case.withdraw", R"({"case":"C"})"},
      {"case appeal C --to hub", "case.appeal", R"({"case":"C","to":"hub"})"},
      {"case answer C --template {case}", "case.answer", R"({"case":"C","template":"{case}"})"},
      {"case close C --dry-run", "case.close", R"({"case":"C","dry_run":true})"},
      {"bulk forward --category roads --to pupr --dry-run", "case.forward",
       R"({"category":"roads","to":"pupr","dry_run":true})"},
      {"bulk assign --unit pu --limit 10", "case.assign", R"({"unit":"pu","limit":10})"},
      {"attach C foto/jalan.JPG", "attach",
       R"({"case":"C","attachments":[{"name":"jalan.JPG","type":"image/jpeg","data":"anBlZw=="}]})"},
      {"hub members", "hub.members", "{}"},
      {"hub admit 51.03 --fingerprint abcd", "hub.admit",
       R"({"member":"51.03","fingerprint":"abcd"})"},
      {"hub reject 51.03 --reason palsu", "hub.reject", R"({"member":"51.03","reason":"palsu"})"},
      {"hub suspend 51.03", "hub.suspend", R"({"member":"51.03"})"},
      {"hub reinstate 51.03", "hub.reinstate", R"({"member":"51.03"})"},
      {"hub confirm-key 51.03 --fingerprint abcd", "hub.confirm-key",
       R"({"member":"51.03","fingerprint":"abcd"})"},
      {"hub revoke 51.03/1 --size 40", "hub.revoke", R"({"journal":"51.03/1","size":40})"},
      {"hub renew --until 2027-01-05T08:00:00Z", "hub.renew",
       R"({"until":"2027-01-05T08:00:00Z"})"},
      {"keys rotate", "keys.rotate", "{}"},
      {"hub rule C --to 51", "hub.rule", R"({"case":"C","to":"51"})"},
      {"hub settle 51.03/1 --size 4 --root R", "hub.settle",
       R"({"journal":"51.03/1","size":4,"root":"R"})"},
      {"roster show", "roster.show", "{}"},
      {"status", "status", "{}"},
      {"log verify", "log.verify", "{}"},
      {"log show 51.03/1 --from 3 --count 2", "log.show",
       R"({"journal":"51.03/1","from":3,"count":2})"},
      {"log prove 51.03/1#4", "log.prove", R"({"event":"51.03/1#4"})"},
      {"log prove --journal 51.03/1 --from 4 --size 9", "log.prove",
       R"({"journal":"51.03/1","from":4,"size":9})"},
      {"log checkpoint 51.03/1", "log.checkpoint", R"({"journal":"51.03/1"})"},
      {"recover --override", "recover.override", R"({"override":true})"},
      {"alerts --all", "alerts", R"({"all":true})"},
      {"national", "national", "{}"},
      {"evidence C", "evidence", R"({"case":"C"})"},
  }));
  const auto parsed = parse(mapping.line);
  INFO(mapping.line << (parsed ? "" : parsed.error().text));
  REQUIRE(parsed);
  CHECK(parsed->command->call == mapping.call);
  CHECK(parsed->arguments == Json::parse(mapping.arguments));
}

TEST_CASE("global options count before and after the command", "[cli]") {
  for (const char* line :
       {"--json --home /h --tz wita case show C", "case show C --json --home /h --tz wita"}) {
    const auto parsed = parse(line);
    REQUIRE(parsed);
    CHECK(parsed->globals.json);
    CHECK(parsed->globals.home == "/h");
    CHECK(parsed->globals.zone.minutes_east == 480);
  }
}

TEST_CASE("wrong usage ends with 2 and one sentence", "[cli]") {
  for (const char* line :
       {"", "case", "case show", "case decline C --reason tired", "nonsense",
        "case close C --outcome lost", "case list --limit many", "recover",
        "case open --category a --text b --text-file letter.txt", "case show C extra"}) {
    const auto parsed = parse(line);
    INFO(line);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == 2);
    CHECK(parsed.error().text.starts_with("simpul: "));
  }
}

TEST_CASE("a command that does not exist is named", "[cli]") {
  CHECK(parse("--home /h nonsense").error().text.find("'nonsense'") != std::string::npos);
  CHECK(parse("case steal C").error().text.find("'case steal'") != std::string::npos);
}

TEST_CASE("a file that cannot be read is refused by name", "[cli]") {
  const auto parsed = parse("case answer C --text-file gone.txt");
  REQUIRE(!parsed);
  CHECK(parsed.error().code == 1);
  CHECK(parsed.error().text.find("gone.txt") != std::string::npos);
}

TEST_CASE("help is no error and names the exit codes", "[cli]") {
  const auto parsed = parse("--help");
  REQUIRE(!parsed);
  CHECK(parsed.error().code == 0);
  CHECK(parsed.error().text.find("node does not run") != std::string::npos);
  const auto of_command = parse("case forward --help");
  REQUIRE(!of_command);
  CHECK(of_command.error().code == 0);
  CHECK(of_command.error().text.find("--to") != std::string::npos);
}

TEST_CASE("paths in the table are distinct and described", "[cli]") {
  std::set<std::string_view> paths;
  for (const CommandSpec& command : command_table()) {
    CHECK(paths.insert(command.path).second);
    CHECK(!command.help.empty());
    CHECK((!command.call.empty() || command.local != LocalCommand::kNone));
  }
}

TEST_CASE("columns align whatever the width of their characters", "[cli]") {
  const View view = plain();
  TextTable table({"A", "N"}, view);
  table.right(1);
  table.row({"é", "1"});
  table.row({"日本", "20"});
  CHECK(table.str() == "A      N\né      1\n日本  20\n");
  CHECK(display_width("e\xCC\x81") == 1);
  CHECK(display_width("\x1b[1mab\x1b[0m") == 2);
}

TEST_CASE("a column without content is left out", "[cli]") {
  const View view = plain();
  TextTable table({"A", "B", "C"}, view);
  table.row({"1", "", "3"});
  CHECK(table.str() == "A  C\n1  3\n");
}

TEST_CASE("what came from outside cannot move the terminal", "[cli]") {
  CHECK(printable("a\x1b[2Jb") == "a?[2Jb");
  CHECK(printable("a\nb") == "a b");
  CHECK(printable("a\nb", true) == "a\nb");
  CHECK(printable("x\xE2\x80\xAEy") == "x?y");
}

TEST_CASE("times are short and in the zone asked for", "[cli]") {
  View view = plain();
  CHECK(short_time("2026-01-05T18:30:00.123Z", view) == "2026-01-05 18:30Z");
  view.zone = *zone_of("wit");
  CHECK(short_time("2026-01-05T18:30:00.123Z", view) == "2026-01-06 03:30 WIT");
  CHECK(short_time("2026-01-05T18:30:07.123Z", view, true) == "2026-01-06 03:30:07 WIT");
  CHECK(short_time("soon", view) == "soon");
}

TEST_CASE("an empty listing says so, and a full one shows labels", "[cli]") {
  CHECK(format_case_list({{"cases", Json::array()}}, plain()) == "No cases match.\n");
  const Json result = {{"cases",
                        {{{"case", "51.03-7K3Q-9XWD"},
                          {"status", "in-progress"},
                          {"label", {{"id", "Diproses"}, {"en", "In progress"}}},
                          {"custodian", "51"}}}}};
  CHECK(format_case_list(result, plain()).find("Diproses") != std::string::npos);
  View english;
  english.language = Language::kEnglish;
  CHECK(format_case_list(result, english).find("In progress") != std::string::npos);
}

TEST_CASE("formatters survive results of any shape", "[cli]") {
  const Json odd = GENERATE(values<Json>({Json(), Json(5), Json::array({1, "a"}), Json::object(),
                                          Json{{"cases", 1},
                                               {"journals", {1, "x", nullptr}},
                                               {"timeline", {Json::array()}},
                                               {"label", 4},
                                               {"offer", "x"},
                                               {"texts", {{{"text", 4}, {"readers", {7}}}}},
                                               {"members", {3}},
                                               {"peers", {"x"}},
                                               {"alerts", {nullptr}},
                                               {"route", {4}},
                                               {"events", {{}}},
                                               {"damage", {4}},
                                               {"proof", {4}},
                                               {"checkpoint", 4},
                                               {"notes", {4}},
                                               {"legal_moves", {4}},
                                               {"audience", {4}},
                                               {"declined", {4}}}}));
  for (const CommandSpec& command : command_table()) {
    CHECK_NOTHROW(command.format(odd, plain()));
  }
}

TEST_CASE("the manual page is that of the table of commands", "[cli]") {
  std::ifstream file(std::string(SIMPUL_SOURCE_DIR) + "/deploy/man/simpul.1");
  const std::string stored{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  CHECK(stored == manual_page());
}

TEST_CASE("completion knows every command in every shell", "[cli]") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(shell);
    for (const CommandSpec& command : command_table()) {
      INFO(shell << " " << command.path);
      CHECK(script.find(split(command.path, ' ').back()) != std::string::npos);
    }
  }
  CHECK(completion_script("csh").empty());
}

TEST_CASE("a new home tells what to do next, a policy is shown as a table", "[cli]") {
  const Json home{{"member", "51.03"},
                  {"home", "badung"},
                  {"fingerprint", "6e4a 67cf"},
                  {"federation_file", "badung/federation.json"}};
  CHECK(format_home(home, plain()) ==
        "51.03 is at home in badung\nFingerprint 6e4a 67cf\nStart the node: simpul --home badung "
        "run\n"
        "Then ask to be admitted: simpul --home badung enrol\n");
  Json hub = home;
  hub["is_hub"] = true;
  CHECK(format_home(hub, plain()).find("simpul init --from badung/federation.json") !=
        std::string::npos);
  const Json policy{{"changed", true},
                    {"roster", 3},
                    {"clocks", {{"verify", 3}, {"complaint", 14}}},
                    {"max_declines", 3},
                    {"reopen_within", 30},
                    {"retention", {{"information", 0}, {"complaint", 1825}}},
                    {"days_off", {"2025-12-25", "2025-12-26", "2026-01-01"}}};
  CHECK(format_policy(policy, plain()) ==
        "In force with roster version 3\n"
        "LIMIT      WORKING DAYS\ncomplaint            14\nverify                3\n"
        "Declines before a case is referred: 3\n"
        "Closed cases are erased after days, by class: complaint 1825\n"
        "Closed cases are reopened within 30 days.\n"
        "Days off besides Saturdays and Sundays: 3\n  2025: 12-25 12-26\n  2026: 01-01\n");
  const std::string least = format_policy({{"days_off", Json::array()}}, plain());
  CHECK(least.find("No days off") != std::string::npos);
  CHECK(least.find("kept for good") != std::string::npos);
}
