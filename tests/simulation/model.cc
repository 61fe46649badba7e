#include "tests/simulation/model.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "tests/simulation/causality.h"
#include "tests/simulation/model_erasure.h"
#include "tests/simulation/model_links.h"
#include "tests/simulation/model_moves.h"
#include "tests/simulation/model_privacy.h"

namespace simpul::sim {
namespace {

struct Custody {
  EventHash token;
  MemberId custodian;
  Status status = Status::received;
  bool was_verified = false;
  ModelLinks links;
};

// How an epoch went when only so many of its custodian's events count.
struct Course {
  Status status = Status::received;
  Status before_postponing = Status::received, before_offer = Status::received;
  const Fact* offer = nullptr;  // open
  std::uint32_t declines = 0;
  bool was_verified = false;
  const Fact* accept = nullptr;  // of the open offer
  bool frozen = false;           // by a kind of a later version
  const Fact* expiry = nullptr;  // the closing as expired, while it holds
  const Fact* referral = nullptr;
  std::set<EventHash> offers;  // that were open once
  ModelLinks links;
  std::set<EventHash> linked;        // what made links
  std::vector<const Fact*> endings;  // closings and reopenings that count
};

class Fold {
 public:
  Fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster, Mutation mutation)
      : id_(id), facts_(facts), roster_(roster), mutation_(mutation), causality_(facts) {}

  CaseView run() {
    view_.pending = causality_.pending();
    const Fact* opening = find_opening();
    if (opening == nullptr) return view_;
    view_.opened = true;
    view_.audience.insert(id_.origin());
    ever_custodian_.insert(id_.origin());
    follow({opening->hash, id_.origin(), Status::received, false, {}}, true);
    view_.privacy = name_of(standing_privacy(causality_, *opening, privacy_changes(),
                                             ever_custodian_, is(Mutation::kNewestPrivacy)));
    note_escalations();
    note_erasures();
    note_links();
    note_reporter();
    for (const Fact* fact : causality_.of(id_.origin())) {
      const auto* rated = std::get_if<Rated>(&fact->event.body);
      if (rated && sound(*fact)) view_.stars = rated->stars;
    }
    return view_;
  }

 private:
  bool is(Mutation mutation) const { return mutation_ == mutation; }

  // Whether its author's previous event is what it should be.
  bool sound(const Fact& fact) const {
    const EventHash& previous = fact.event.case_prev;
    if (previous.is_zero()) return true;
    const Event& before = causality_.find(previous)->event;
    return before.position.journal.member == fact.event.position.journal.member &&
           before.position < fact.event.position;
  }

  const Fact* find_opening() const {
    for (const Fact* fact : causality_.of(id_.origin())) {
      if (fact->event.kind == EventKind::kOpened && fact->event.epoch.is_zero() && sound(*fact)) {
        return fact;
      }
    }
    return nullptr;
  }

  // From this epoch on to the last. What does not count only tells who once had the case.
  void follow(Custody custody, bool counts) {
    for (;;) {
      enter(custody, counts);
      const Course unruled = course_of(custody, nullptr);
      const Fact* ruling = ruling_of(custody, unruled);
      const Course course = ruling ? course_of(custody, ruling) : unruled;
      note_participants(unruled);
      note_participants(course);
      if (counts) endings_.insert(endings_.end(), course.endings.begin(), course.endings.end());
      if (ruling != nullptr) {
        view_.frozen |= counts && course.frozen;
        if (unruled.accept != nullptr) follow(next(custody, unruled, *unruled.accept), false);
        custody = next(custody, course, *ruling);
      } else if (course.accept != nullptr) {
        view_.frozen |= counts && course.frozen;
        custody = next(custody, course, *course.accept);
      } else {
        if (counts) finish(course);
        return;
      }
    }
  }

  void enter(const Custody& custody, bool counts) {
    ever_custodian_.insert(custody.custodian);
    holders_[custody.token] = custody.custodian;
    if (counts && is(Mutation::kAudienceForgets)) view_.audience = {id_.origin()};
    view_.audience.insert(custody.custodian);
    if (!counts) return;
    view_.token = custody.token;
    view_.tokens.push_back(custody.token);
    view_.custodian = custody.custodian;
  }

  void finish(const Course& course) {
    view_.frozen |= course.frozen;
    view_.status = text(course.status);
    links_ = course.links;
    for (const auto& [place, link] : links_) {
      if (!link.with.empty()) view_.audience.insert(link.with);
    }
    if (course.offer == nullptr) return;
    view_.offer = course.offer->hash;
    view_.offeree = std::get<Forwarded>(course.offer->event.body).to;
    view_.audience.insert(view_.offeree);
  }

  static Custody next(const Custody&, const Course& course, const Fact& by) {
    const auto* ruled = std::get_if<Ruled>(&by.event.body);
    Custody custody{.token = by.hash,
                    .custodian = ruled ? ruled->to : by.event.position.journal.member,
                    .status = course.was_verified ? Status::verified : Status::received,
                    .was_verified = course.was_verified,
                    .links = course.links};
    if (course.status == Status::closed) custody.status = Status::closed;
    if (ruled && ruled->ground == "appeal") {
      custody.status = Status::verified;
      custody.was_verified = true;
    }
    return custody;
  }

  // The offeree's first word on the offer.
  const Fact* answer_to(const Fact& offer) const {
    const Fact* last = nullptr;
    for (const Fact* fact : causality_.of(std::get<Forwarded>(offer.event.body).to)) {
      if (fact->event.epoch != offer.event.epoch || !sound(*fact)) continue;
      const auto* accepted = std::get_if<Accepted>(&fact->event.body);
      const auto* declined = std::get_if<Declined>(&fact->event.body);
      const bool names = (accepted && accepted->offer == offer.hash) ||
                         (declined && declined->offer == offer.hash);
      if (!names || !causality_.seen(*fact, offer.hash)) continue;
      if (declined && is(Mutation::kDeclineIgnored)) continue;
      if (!is(Mutation::kLastAnswerCounts)) return fact;
      last = fact;
    }
    return last;
  }

  bool may_be_offered(const MemberId& to, const MemberId& custodian) const {
    const Member* member = roster_.find(to);
    return member && to != custodian && member->kind != MemberKind::kAuditor;
  }

  Course course_of(const Custody& custody, const Fact* ruling) const {
    Course course{
        .status = custody.status, .was_verified = custody.was_verified, .links = custody.links};
    std::vector<const Fact*> own;
    for (const Fact* fact : causality_.of(custody.custodian)) {
      if (fact->event.epoch != custody.token || !is_custodians(fact->event.kind)) continue;
      if (sound(*fact)) own.push_back(fact);
    }
    while (ruling && !own.empty() && !causality_.known(*ruling, own.back()->hash)) own.pop_back();
    course.frozen = changed_by_later_kind(custody, ruling);
    for (const Fact* fact : own) {
      const Fact* answer = course.offer ? answer_to(*course.offer) : nullptr;
      const bool declined = answer && answer->event.kind == EventKind::kDeclined;
      if (declined && causality_.seen(*fact, answer->hash)) decline(course);
      if (undone_by_reply(course, fact)) take_up(course);
      if (may_take(course, fact->event.kind)) take(course, *fact, custody);
    }
    if (undone_by_reply(course, nullptr)) take_up(course);
    if (is(Mutation::kUnofferedAccept)) course.accept = any_accept(custody);
    if (course.offer == nullptr || course.accept != nullptr) return course;
    const Fact* answer = answer_to(*course.offer);
    if (answer && answer->event.kind == EventKind::kAccepted) course.accept = answer;
    if (answer && answer->event.kind == EventKind::kDeclined) decline(course);
    return course;
  }

  // Whether the custodian, as far as the ruling knew, wrote what changes state and nobody knows.
  bool changed_by_later_kind(const Custody& custody, const Fact* ruling) const {
    for (const Fact* fact : causality_.of(custody.custodian)) {
      const Event& event = fact->event;
      const bool later = std::holds_alternative<UnknownBody>(event.body) && event.state_changing;
      if (!later || event.epoch != custody.token || !sound(*fact)) continue;
      if (ruling == nullptr || causality_.known(*ruling, fact->hash)) return true;
    }
    return false;
  }

  // A reporter's reply that had not seen the closing as expired, nor the closing it; `before`: as
  // that event has seen, nullptr: at all.
  bool undone_by_reply(const Course& course, const Fact* before) const {
    if (course.expiry == nullptr || is(Mutation::kReplyIgnored)) return false;
    for (const Fact* reply : causality_.of(id_.origin())) {
      if (reply->event.kind != EventKind::kReporterReplied || !sound(*reply)) continue;
      if (causality_.seen(*reply, course.expiry->hash)) continue;
      if (causality_.seen(*course.expiry, reply->hash)) continue;
      if (before == nullptr || causality_.seen(*before, reply->hash)) return true;
    }
    return false;
  }

  static void take_up(Course& course) {
    course.status = Status::progress;
    course.was_verified = true;
    course.expiry = nullptr;
  }

  bool may_take(const Course& course, EventKind kind) const {
    const bool frozen = course.status == Status::forwarded || course.status == Status::referred;
    if (frozen && kind == EventKind::kProgress && is(Mutation::kFrozenProgress)) return true;
    return allows(course.status, kind);
  }

  const Fact* any_accept(const Custody& custody) const {
    for (const Fact* fact : causality_.all()) {
      const bool others = fact->event.position.journal.member != custody.custodian;
      if (others && fact->event.kind == EventKind::kAccepted && fact->event.epoch == custody.token)
        return fact;
    }
    return nullptr;
  }

  static void decline(Course& course) {
    ++course.declines;
    course.offer = nullptr;
    if (course.status == Status::forwarded) course.status = course.before_offer;
  }

  void take(Course& course, const Fact& fact, const Custody& custody) const {
    const auto set = [&](Status status) { course.status = status; };
    switch (fact.event.kind) {
      case EventKind::kVerified:
        course.was_verified = true;
        return set(Status::verified);
      case EventKind::kProgress:
        return take_up(course);
      case EventKind::kReopened:
        course.endings.push_back(&fact);
        return take_up(course);
      case EventKind::kLinked:
        return take_link(course, fact);
      case EventKind::kAnswered:
        course.was_verified = true;
        return set(Status::answered);
      case EventKind::kPostponed:
        course.before_postponing = course.status;
        return set(Status::postponed);
      case EventKind::kResumed:
        return set(course.before_postponing);
      case EventKind::kClosed: {
        const auto& closed = std::get<Closed>(fact.event.body);
        if (closed.outcome == Outcome::kDuplicate && closed.duplicate_of == id_) return;
        if (closed.outcome == Outcome::kExpired) course.expiry = &fact;
        course.endings.push_back(&fact);
        return set(Status::closed);
      }
      case EventKind::kReferred:
        course.referral = &fact;
        return set(Status::referred);
      case EventKind::kForwarded:
        return offer(course, fact, custody);
      case EventKind::kRecalled:
        if (is(Mutation::kRecallTakesBack) && course.offer != nullptr) decline(course);
        return;
      default:
        return;  // assigned, corrected
    }
  }

  void take_link(Course& course, const Fact& fact) const {
    const auto& linked = std::get<Linked>(fact.event.body);
    if (!may_link(course.links, id_, linked)) return;
    const Member* with = roster_.find(linked.with);
    const bool may_be_told = with && with->kind != MemberKind::kAuditor;
    if (!linked.undone && !linked.with.empty() && !may_be_told) return;
    course.linked.insert(fact.hash);
    if (linked.undone && is(Mutation::kUndoneLinkStands)) return;
    link(course.links, fact.hash, linked);
  }

  void offer(Course& course, const Fact& fact, const Custody& custody) const {
    if (!may_be_offered(std::get<Forwarded>(fact.event.body).to, custody.custodian)) return;
    if (course.declines >= roster_.policy.max_declines) {
      const Fact* answer = answer_to(fact);
      if (!answer || answer->event.kind != EventKind::kAccepted) return;
    }
    course.before_offer = course.status;
    course.offer = &fact;
    course.offers.insert(fact.hash);
    course.status = Status::forwarded;
  }

  // The first ruling on this epoch that stands; `course`: how the epoch goes without one.
  const Fact* ruling_of(const Custody& custody, const Course& course) const {
    if (is(Mutation::kRulingIgnored)) return nullptr;
    for (const Fact* fact : causality_.of(roster_.ruling_hub)) {
      const auto* ruled = std::get_if<Ruled>(&fact->event.body);
      if (ruled && fact->event.epoch == custody.token && sound(*fact) &&
          stands(*fact, *ruled, course)) {
        return fact;
      }
    }
    return nullptr;
  }

  // Only what counts speaks for a ruling or against it: anybody can write an accept or a referral.
  bool stands(const Fact& fact, const Ruled& ruled, const Course& course) const {
    const Member* to = roster_.find(ruled.to);
    if (!to || to->kind == MemberKind::kAuditor) return false;
    const bool accepted = course.accept && causality_.known(fact, course.accept->hash);
    if (accepted && !is(Mutation::kRulingOverAccept)) return false;
    if (ruled.ground == "appeal") return appealed_to(fact) && !is(Mutation::kAppealIgnored);
    if (ruled.ground == "suspended" || ruled.ground == "quarantined") return true;
    if (course.referral && causality_.known(fact, course.referral->hash)) return true;
    return course.offers.contains(ruled.offer) && causality_.known(fact, ruled.offer) &&
           is_overdue(fact, *causality_.find(ruled.offer));
  }

  bool appealed_to(const Fact& ruling) const {
    return std::ranges::any_of(causality_.of(id_.origin()), [&](const Fact* fact) {
      return fact->event.kind == EventKind::kAppealed && sound(*fact) &&
             fact->event.epoch == ruling.event.epoch && causality_.known(ruling, fact->hash);
    });
  }

  bool is_overdue(const Fact& ruling, const Fact& offer) const {
    const auto* forwarded = std::get_if<Forwarded>(&offer.event.body);
    if (!forwarded || forwarded->due >= ruling.event.time) return false;
    const Fact* answer = answer_to(offer);
    return !answer || !causality_.known(ruling, answer->hash);
  }

  void note_escalations() {
    for (const Fact* fact : causality_.all()) {
      const auto* escalated = std::get_if<Escalated>(&fact->event.body);
      const auto holder = holders_.find(fact->event.epoch);
      if (!escalated || !sound(*fact) || holder == holders_.end()) continue;
      if (holder->second != fact->event.position.journal.member) continue;
      view_.escalated.emplace(fact->event.epoch, name_of(escalated->stage), escalated->cycle);
    }
  }

  void note_participants(const Course& course) {
    for (const EventHash& hash : course.linked) {
      ever_linked_.insert(hash);
      const MemberId& with = std::get<Linked>(causality_.find(hash)->event.body).with;
      if (!with.empty()) ever_told_.insert(with);
    }
    for (const EventHash& offer : course.offers) {
      ever_offeree_.insert(std::get<Forwarded>(causality_.find(offer)->event.body).to);
    }
  }

  std::set<MemberId> participants() const {
    std::set<MemberId> members = ever_custodian_;
    members.insert(ever_offeree_.begin(), ever_offeree_.end());
    members.insert(ever_told_.begin(), ever_told_.end());
    for (const Member& member : roster_.members) {
      if (member.kind == MemberKind::kHub) members.insert(member.id);
    }
    return members;
  }

  // The newest word on each link of who may say it.
  void note_links() {
    for (const auto& [place, link] : links_) {
      LinkView& view = view_.links[{name_of(place.first), place.second}];
      view.with = link.with;
      const CaseId other = *CaseId::parse(place.second);
      for (const Fact* fact : causality_.of(other.origin())) {
        const auto* report = std::get_if<PartReported>(&fact->event.body);
        if (place.first != Relation::kHasPart || !report || report->part != other) continue;
        if (sound(*fact) && participants().contains(other.origin())) view.report = text(*report);
      }
      for (const Fact* fact : causality_.of(link.with)) {
        const auto* answer = std::get_if<LinkAnswered>(&fact->event.body);
        if (place.first == Relation::kHasPart || !answer || answer->link != link.hash) continue;
        if (sound(*fact) && causality_.seen(*fact, link.hash)) view.agreed = answer->agrees;
      }
    }
  }

  // A complaint that was taken back stays so until its reporter says something, or who ends the
  // case or opens it again knows.
  void note_reporter() {
    const Fact* withdrawn = nullptr;
    for (const Fact* fact : causality_.of(id_.origin())) {
      if (!sound(*fact)) continue;
      if (fact->event.kind == EventKind::kWithdrawn) withdrawn = fact;
      if (fact->event.kind == EventKind::kReporterReplied) withdrawn = nullptr;
      const bool appeals = fact->event.kind == EventKind::kAppealed;
      if (appeals && fact->event.epoch == view_.token) view_.appeal = fact->hash;
    }
    const bool known = withdrawn && std::ranges::any_of(endings_, [&](const Fact* ending) {
                         return causality_.known(*ending, withdrawn->hash);
                       });
    if (withdrawn && !known) view_.withdrawal = withdrawn->hash;
  }

  void note_erasures() {
    ErasureView seen = erasures_of({.facts = facts_,
                                    .causality = causality_,
                                    .origin = id_.origin(),
                                    .participants = participants(),
                                    .sound = [this](const Fact& fact) { return sound(fact); },
                                    .misses_unaware = is(Mutation::kErasureMisses)});
    if (!seen.erasures.empty()) {
      view_.audience.insert(ever_offeree_.begin(), ever_offeree_.end());
      view_.audience.insert(ever_told_.begin(), ever_told_.end());
    }
    view_.erasures = std::move(seen.erasures);
    view_.erased = std::move(seen.erased);
    view_.holders = std::move(seen.holders);
  }

  std::vector<const Fact*> privacy_changes() const {
    std::vector<const Fact*> changes;
    for (const Fact* fact : causality_.all()) {
      if (fact->event.kind == EventKind::kPrivacyChanged && sound(*fact)) changes.push_back(fact);
    }
    return changes;
  }

  const CaseId& id_;
  const std::vector<Fact>& facts_;
  const Roster& roster_;
  const Mutation mutation_;
  Causality causality_;
  CaseView view_;
  std::set<MemberId> ever_custodian_, ever_offeree_, ever_told_;
  std::set<EventHash> ever_linked_;  // what made links
  ModelLinks links_;                 // of the last epoch
  std::vector<const Fact*> endings_;
  std::map<EventHash, MemberId> holders_;  // of every epoch, by its token
};

std::string short_hash(const EventHash& hash) {
  return to_hex(hash.view()).substr(0, 8);
}

}  // namespace

CaseView naive_fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster,
                    Mutation mutation) {
  return Fold(id, facts, roster, mutation).run();
}

std::string text(const PartReported& report) {
  const bool closed = report.stage == PartStage::kClosed;
  return std::string(name_of(report.stage)) + (closed ? " " : "") +
         (closed ? name_of(report.outcome) : "") + " at " + report.custodian.text();
}

std::string describe(const CaseView& view) {
  std::string words = view.status + " at " + view.custodian.text() + ", epochs";
  for (const EventHash& token : view.tokens) words += " " + short_hash(token);
  if (view.offer) words += ", offer " + short_hash(*view.offer) + " to " + view.offeree.text();
  words += ", " + view.privacy + ", audience";
  for (const MemberId& member : view.audience) words += " " + member.text();
  for (const auto& [token, stage, cycle] : view.escalated) {
    words += ", " + stage + " " + std::to_string(cycle) + " ran out in " + short_hash(token);
  }
  for (const auto& [erasure, members] : view.erasures) {
    words += ", erased by " + short_hash(erasure) + ", confirmed by";
    for (const MemberId& member : members) words += " " + member.text();
  }
  if (!view.erased.empty()) words += ", " + std::to_string(view.erased.size()) + " events erased";
  for (const MemberId& member : view.holders) words += ", held by " + member.text();
  if (view.stars) words += ", " + std::to_string(*view.stars) + " stars";
  for (const auto& [place, link] : view.links) {
    words += ", " + place.first + " " + place.second + " with " + link.with.text();
    if (link.agreed) words += *link.agreed ? " agreed" : " not agreed";
    if (!link.report.empty()) words += " " + link.report;
  }
  if (view.withdrawal) words += ", taken back by " + short_hash(*view.withdrawal);
  if (view.appeal) words += ", appealed by " + short_hash(*view.appeal);
  if (view.frozen) words += ", frozen";
  return words + ", " + std::to_string(view.pending) + " pending";
}

}  // namespace simpul::sim
