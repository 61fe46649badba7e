#include "tests/bench/workload.h"

#include "protocol/checkpoint.h"
#include "protocol/event.h"
#include "tests/bench/stopwatch.h"
#include "tests/bench/world.h"

namespace simpul::bench {
namespace {

constexpr int kStepsPerCase = 10;
constexpr std::size_t kForwardedKeepsFrozen = 1;  // the step at which an offer is made

EventBody body_of_step(int step, bool forwarded, const MemberId& partner, Instant now) {
  if (step == 0)
    return Opened{Channel::kWeb, CaseClass::kComplaint, Privacy::kPublic, "51.03", "roads.surface"};
  if (forwarded) {
    if (step == kForwardedKeepsFrozen)
      return Forwarded{partner, now + std::chrono::hours{24 * 300}, "authority"};
    return Noted{};
  }
  if (step == 1) return Verified{};
  if (step == 2) return Assigned{"public-works"};
  if (step == kStepsPerCase - 2) return Answered{};
  if (step == kStepsPerCase - 1) return Closed{Outcome::kResolved, {}};
  return Progress{};
}

}  // namespace

Workload::Workload(const Identity& author, Options options)
    : author_(author),
      options_(std::move(options)),
      journal_{author.member, 1},
      random_(options_.seed),
      cases_(options_.cases_open),
      time_(kWorldStart) {}

void Workload::restart(std::size_t cases_open, std::size_t forwarded_every) {
  options_.cases_open = cases_open;
  options_.forwarded_every = forwarded_every;
  cases_.assign(cases_open, OpenCase{});
  turn_ = 0;
}

std::vector<EnclosureRef> Workload::enclosures(std::size_t count) {
  std::vector<EnclosureRef> refs(count);
  for (EnclosureRef& ref : refs) {
    ref.role = EnclosureRole::kNote;
    ref.commitment.padded_size = 512;
    random_.fill(ref.commitment.digest.bytes);
    random_.fill(ref.commitment.chunk_root.bytes);
    random_.fill(ref.commitment.key_commitment.bytes);
  }
  return refs;
}

Event Workload::next_event(OpenCase& open, std::size_t slot) {
  if (open.step == 0 || open.step == kStepsPerCase) {
    open = {.id = CaseId::make(author_.member, random_), .token = {}, .last = {}};
    open.forwarded = options_.forwarded_every != 0 && slot % options_.forwarded_every == 0;
  }
  Event event;
  event.body = body_of_step(open.step, open.forwarded, options_.partner, time_);
  event.kind = kind_of(event.body);
  event.state_changing = changes_state(event.kind);
  event.position = {journal_, frontier_.size()};
  event.time = time_ += std::chrono::milliseconds{10};
  event.case_id = open.id;
  event.epoch = open.token;
  event.case_prev = open.last;
  event.enclosures = enclosures(open.step % 3 == 0 ? 2 : 1);
  return event;
}

JournalRecords Workload::batch(std::size_t count) {
  JournalRecords records{.journal = journal_, .first = frontier_.size()};
  records.events.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t slot = turn_++ % cases_.size();
    OpenCase& open = cases_[slot];
    Bytes bytes = must(encode_event(next_event(open, slot), random_));
    const Digest hash = leaf_hash(bytes);
    frontier_.append(hash);
    if (open.step == 0) open.token = hash;
    open.last = hash;
    ++open.step;
    bytes_ += bytes.size();
    records.events.push_back(std::move(bytes));
  }
  records.checkpoint = sign_checkpoint(
      {checkpoint_origin(author_.federation, journal_), frontier_.size(), frontier_.root()},
      author_.keys.signing);
  return records;
}

std::vector<JournalRecords> Workload::batches(std::size_t count, std::size_t size) {
  std::vector<JournalRecords> all;
  all.reserve(count / size + 1);
  for (std::size_t done = 0; done < count; done += size) all.push_back(batch(size));
  return all;
}

double Workload::mean_event_bytes() const {
  return static_cast<double>(bytes_) / static_cast<double>(frontier_.size());
}

}  // namespace simpul::bench
