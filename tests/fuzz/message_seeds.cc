// Events of every kind, drawn; and the frames and events of a federation at work.
#include <set>

#include "tests/fuzz/seeds.h"
#include "tests/support/federation.h"
#include "tests/unit/protocol/random_event.h"

namespace simpul::fuzz {

namespace {

using test::Federation;

void add_drawn_events(Corpus& corpus) {
  RandomEvents draw(1);
  for (std::uint64_t kind = 1; kind <= RandomEvents::kKinds; ++kind) {
    Event event = draw.next(kind);
    if (event.enclosures.size() > 2) event.enclosures.resize(2);
    if (event.after.size() > 2) event.after.resize(2);
    const Bytes bytes = encode_event(event, draw.random()).value();
    corpus.add("event", name_of(event.kind), bytes);
  }
}

// The first frames of each kind that fit, named by kind and number.
class FrameSeeds {
 public:
  explicit FrameSeeds(Corpus& corpus) : corpus_(&corpus) {}

  void take(BytesView bytes) {
    constexpr std::size_t kSizeMax = 4096, kOfAKind = 6;
    const Result<Frame> frame = decode_frame(bytes);
    if (!frame || bytes.size() > kSizeMax) return;
    const std::string kind = name_of(*frame);
    std::size_t& count = counts_[kind];
    if (count == kOfAKind || !seen_.insert(sha256(bytes)).second) return;
    corpus_->add("frame", kind + "-" + std::to_string(++count), bytes);
  }

 private:
  Corpus* corpus_;
  std::map<std::string, std::size_t> counts_;
  std::set<Digest> seen_;
};

// Frames that a healthy federation does not send.
void add_rare_frames(Corpus& corpus) {
  const auto add = [&](const std::string& name, const Frame& frame) {
    corpus.add("frame", name, encode_frame(frame).value());
  };
  add("enrol", Enrol{Bytes(100, 1)});
  add("enrol-status", EnrolStatus{EnrolState::kRejected, "kunci tidak dikenal"});
  add("fork-notice", ForkNotice{Bytes(64, 2)});
  add("bye", Bye{ByeCode::kQuarantined, "two histories"});
  add("roster-request", RosterRequest{3});
  add("consistency", ConsistencyRequest{{MemberId::parse("51").value(), 1}, 3, 9});
  add("chunk-absent", EnclosureChunk{.digest = sha256(Bytes{1}), .index = 1, .absent = true});
}

void run_story(Federation& federation) {
  const auto call = [&](const char* node, const char* name, const Json& arguments) {
    const Result<Json> reply = federation.call(node, name, arguments);
    if (!reply) std::fprintf(stderr, "%s %s: %s\n", node, name, reply.error().message.c_str());
    SIMPUL_CHECK(reply.has_value());
    return *reply;
  };
  const auto may_author = [&](const char* node) {
    return call(node, "status", {}).at("may_author").get<bool>();
  };
  SIMPUL_CHECK(federation.run_until([&] { return may_author("51") && may_author("51.03"); }));
  const std::string id = call("51.03", "case.open",
                              {{"category", "roads.potholes"},
                               {"text", "Jalan Raya Kuta berlubang"},
                               {"identity", "I Made Pelapor"}})
                             .at("case");
  call("51.03", "case.verify", {{"case", id}});
  call("51.03", "case.forward", {{"case", id}, {"to", "51"}});
  SIMPUL_CHECK(federation.run_until([&] {
    const CaseState state = federation.state("51", id);
    return state.offer && state.offer->delivered;
  }));
  call("51", "case.accept", {{"case", id}});
  call("51", "case.answer", {{"case", id}, {"text", "Sudah diperbaiki"}});
  federation.run_for(std::chrono::seconds(40));
}

}  // namespace

void add_messages(Corpus& corpus) {
  add_drawn_events(corpus);
  add_rare_frames(corpus);
  FrameSeeds frames(corpus);
  Federation federation(
      7,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  federation.set_tap([&](const std::string&, BytesView frame) { frames.take(frame); });
  run_story(federation);
}

}  // namespace simpul::fuzz
