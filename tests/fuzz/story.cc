#include "tests/fuzz/story.h"

namespace simpul::fuzz {

namespace {

Json must_call(test::Federation& federation, const char* node, const char* name,
               const Json& arguments) {
  const Result<Json> reply = federation.call(node, name, arguments);
  if (!reply) std::fprintf(stderr, "%s %s: %s\n", node, name, reply.error().message.c_str());
  SIMPUL_CHECK(reply.has_value());
  return *reply;
}

}  // namespace

Story tell_story(test::Federation::Tap tap) {
  Story story;
  story.federation = std::make_unique<test::Federation>(
      7, std::vector<test::Federation::Seat>{{"hub", MemberKind::kHub},
                                             {"51", MemberKind::kProvince},
                                             {"51.03", MemberKind::kRegency}});
  test::Federation& federation = *story.federation;
  if (tap) federation.set_tap(std::move(tap));
  const auto call = [&](const char* node, const char* name, const Json& arguments) {
    return must_call(federation, node, name, arguments);
  };
  const auto may_author = [&](const char* node) {
    return call(node, "status", Json::object()).at("may_author").get<bool>();
  };
  SIMPUL_CHECK(federation.run_until([&] { return may_author("51") && may_author("51.03"); }));
  story.case_id = call("51.03", "case.open",
                       {{"category", "roads.potholes"},
                        {"text", "Jalan Raya Kuta berlubang"},
                        {"identity", "I Made Pelapor"}})
                      .at("case");
  const Json id{{"case", story.case_id}};
  call("51.03", "case.note",
       {{"case", story.case_id}, {"internal", true}, {"text", "hubungi camat"}});
  call("51.03", "case.verify", id);
  call("51.03", "case.forward", {{"case", story.case_id}, {"to", "51"}});
  SIMPUL_CHECK(federation.run_until([&] {
    const CaseState state = federation.state("51", story.case_id);
    return state.offer && state.offer->delivered;
  }));
  call("51", "case.accept", id);
  call("51", "case.answer", {{"case", story.case_id}, {"text", "Sudah diperbaiki"}});
  federation.run_for(std::chrono::seconds(40));
  return story;
}

}  // namespace simpul::fuzz
