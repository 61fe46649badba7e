#include "tests/bench/casebook.h"

#include <iterator>

#include "protocol/checkpoint.h"
#include "protocol/event.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr int kChapterDays = 30;
constexpr std::size_t kRegionsPerMember = 6;
constexpr const char* kProvinces[] = {"11", "32", "33", "34", "35", "51", "64", "73"};
constexpr const char* kMinistries[] = {"kemenkes", "kemenpupr", "kemensos"};
constexpr const char* kTopics[] = {"roads", "health", "schools", "water",
                                   "land",  "aid",    "permits", "waste"};
constexpr const char* kKinds[] = {"damage", "delay", "staff"};

// How a case goes, a letter a step: Open, Verify, aSsign, Progress, Wait (postponed), Refer, offer
// (F), Take it, Decline it, Answer, Close, reopeN. And of how many in 100.
struct Plot {
  const char* steps;
  std::size_t share;
};
constexpr Plot kPlots[] = {{"O", 5},        {"OV", 6},     {"OVSP", 12},   {"OVW", 3},
                           {"OVF", 6},      {"OVFDPA", 3}, {"OVFTPA", 6},  {"OVFTPAC", 10},
                           {"OVR", 2},      {"OVPA", 9},   {"OVSPAC", 33}, {"OVPACNPA", 3},
                           {"OVPACNPAC", 2}};

const char* plot_at(std::size_t percent) {
  for (const Plot& plot : kPlots) {
    if (percent < plot.share) return plot.steps;
    percent -= plot.share;
  }
  return kPlots[0].steps;
}

}  // namespace

World Casebook::country() {
  std::vector<World::Seat> seats{{"pusat", MemberKind::kHub, ""}};
  for (const char* ministry : kMinistries) seats.push_back({ministry, MemberKind::kMinistry, ""});
  for (const std::string province : kProvinces) {
    seats.push_back({province, MemberKind::kProvince, ""});
    for (const char* regency : {".01", ".02", ".03", ".71"}) {
      seats.push_back({province + regency, MemberKind::kRegency, ""});
    }
  }
  return World(seats);
}

Casebook::Casebook(const World& world, Options options)
    : world_(world), options_(options), random_(options.seed) {
  for (const Member& member : world.roster().roster.members) {
    if (member.kind != MemberKind::kHub) members_.push_back(member.id.text());
  }
  journals_.resize(members_.size());
  stories_.reserve(options.cases);
}

std::vector<std::string> Casebook::regions_of(const std::string& member) {
  std::vector<std::string> regions;
  for (std::size_t i = 1; i <= kRegionsPerMember; ++i) {
    regions.push_back(member + ".0" + std::to_string(i));
  }
  return regions;
}

std::vector<std::string> Casebook::categories() {
  std::vector<std::string> categories;
  for (const std::string topic : kTopics) {
    for (const char* kind : kKinds) categories.push_back(topic + "." + kind);
  }
  return categories;
}

Casebook::Chapter Casebook::next_chapter() {
  Chapter chapter;
  const Instant until = std::min(told_ + kDay * kChapterDays, end());
  const Duration span = kDay * options_.days;
  const auto opens = [&](std::size_t number) {
    return kWorldStart +
           span * static_cast<std::int64_t>(number) / static_cast<std::int64_t>(options_.cases);
  };
  for (; begun_ < options_.cases && opens(begun_) < until; ++begun_) begin_story(opens(begun_));
  while (!turns_.empty() && turns_.top().at < until) {
    const Turn turn = turns_.top();
    turns_.pop();
    write_step(turn.story, turn.at, chapter);
  }
  for (std::size_t author = 0; author < journals_.size(); ++author) sign(author, chapter);
  told_ = until;
  return chapter;
}

void Casebook::begin_story(Instant at) {
  Story story;
  story.author = pick(members_.size());
  story.partner = (story.author + 1 + pick(members_.size() - 1)) % members_.size();
  story.id = CaseId::make(must(MemberId::parse(members_[story.author])), random_);
  story.plot = plot_at(pick(100));
  stories_.push_back(std::move(story));
  turns_.push({at, stories_.size() - 1});
}

std::vector<EnclosureRef> Casebook::enclosures(EnclosureRole role) {
  EnclosureRef ref{.role = role, .commitment = {}};
  ref.commitment.padded_size = 512;
  random_.fill(ref.commitment.digest.bytes);
  random_.fill(ref.commitment.chunk_root.bytes);
  random_.fill(ref.commitment.key_commitment.bytes);
  return {ref};
}

EventBody Casebook::body_of_step(const Story& story, char step, Instant at) {
  switch (step) {
    case 'O': {
      const std::string region = regions_of(members_[story.author])[pick(kRegionsPerMember)];
      const std::size_t topic = pick(std::size(kTopics)), kind = pick(std::size(kKinds));
      const auto privacy = static_cast<Privacy>(pick(10) < 8 ? 0 : 1 + pick(2));
      return Opened{Channel::kWeb, static_cast<CaseClass>(pick(3)), privacy, region,
                    std::string(kTopics[topic]) + "." + kKinds[kind]};
    }
    case 'V':
      return Verified{};
    case 'S':
      return Assigned{"public-works"};
    case 'P':
      return Progress{};
    case 'W':
      return Postponed{"budget", at + kDay * static_cast<int>(10 + pick(90))};
    case 'F':
      return Forwarded{must(MemberId::parse(members_[story.partner])), at + kDay * 3, "authority"};
    case 'T':
      return Accepted{story.offer};
    case 'D':
      return Declined{story.offer, "not-ours", {}};
    case 'R':
      return Referred{"unclear", {}};
    case 'A':
      return Answered{};
    case 'C':
      return Closed{Outcome::kResolved, {}};
    default:
      return Reopened{"incomplete"};
  }
}

void Casebook::write_step(std::size_t number, Instant at, Chapter& chapter) {
  Story& story = stories_[number];
  const char step = *story.plot++;
  const bool answers_offer = step == 'T' || step == 'D';
  const std::size_t author = answers_offer ? story.partner : story.author;
  Journal& journal = journals_[author];
  Event event;
  event.body = body_of_step(story, step, at);
  event.kind = kind_of(event.body);
  event.state_changing = changes_state(event.kind);
  event.position = {{must(MemberId::parse(members_[author])), 1}, journal.frontier.size()};
  event.time = at;
  event.case_id = story.id;
  event.epoch = story.token;
  if (answers_offer) {
    event.after = {story.offer};
  } else {
    event.case_prev = story.last;
    if (story.seen != EventHash{}) event.after = {story.seen};
  }
  if (step == 'O') event.enclosures = enclosures(EnclosureRole::kNarrative);
  if (step == 'A') event.enclosures = enclosures(EnclosureRole::kAnswer);
  Bytes bytes = must(encode_event(event, random_));
  const EventHash hash = leaf_hash(bytes);
  journal.frontier.append(hash);
  journal.waiting.push_back(std::move(bytes));
  ++events_;
  if (journal.waiting.size() >= options_.batch) sign(author, chapter);
  story.seen = {};
  if (step == 'O' || step == 'T') story.token = hash;
  if (step == 'F') story.offer = hash;
  if (step == 'T') story.author = story.partner;
  step == 'D' ? story.seen = hash : story.last = hash;
  if (*story.plot != 0) turns_.push({at + std::chrono::hours{2 + pick(24 * 9)}, number});
}

void Casebook::sign(std::size_t author, Chapter& chapter) {
  Journal& journal = journals_[author];
  if (journal.waiting.empty()) return;
  const Identity& identity = world_.identity(members_[author]);
  JournalRecords records{.journal = {identity.member, 1},
                         .first = journal.frontier.size() - journal.waiting.size(),
                         .events = std::move(journal.waiting)};
  records.checkpoint = sign_checkpoint({checkpoint_origin(identity.federation, records.journal),
                                        journal.frontier.size(), journal.frontier.root()},
                                       identity.keys.signing);
  journal.waiting.clear();
  chapter[members_[author]].push_back(std::move(records));
}

}  // namespace simpul::bench
