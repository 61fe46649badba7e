// Events of every kind, drawn; the frames of a federation at work, and the evidence of its case.
#include <set>

#include "node/queries.h"
#include "tests/fuzz/seeds.h"
#include "tests/fuzz/story.h"
#include "tests/unit/protocol/random_event.h"

namespace simpul::fuzz {

namespace {

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

void add_evidence(Corpus& corpus, const Story& story, const std::string& node) {
  test::Federation& federation = *story.federation;
  ReadTransaction transaction = federation.node(node).store().read();
  Tables tables(transaction);
  const QueryContext context{.tables = tables,
                             .self = &federation.node(node).identity(),
                             .roster = federation.roster(),
                             .now = federation.now()};
  const Json file = run_query(context, "evidence", {{"case", story.case_id}}).value();
  corpus.add("evidence", node, file.dump());
}

}  // namespace

void add_messages(Corpus& corpus) {
  add_drawn_events(corpus);
  add_rare_frames(corpus);
  FrameSeeds frames(corpus);
  const Story story = tell_story([&](const std::string&, BytesView frame) { frames.take(frame); });
  for (const char* node : kStoryNodes) add_evidence(corpus, story, node);
}

}  // namespace simpul::fuzz
