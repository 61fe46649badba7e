#include "node/import/follow_on.h"

#include <algorithm>
#include <tuple>

#include "node/engine/arguments.h"

namespace simpul {
namespace {

class Complaints {
 public:
  Complaints(const Open311Record& record, std::vector<ImportProblem>& problems)
      : record_(record), problems_(problems) {}

  void add(const char* what, std::string why) {
    problems_.push_back({record_.id, what, std::move(why), false});
  }
  void add(const char* what, const FollowOn& follow_on, const std::string& why) {
    add(what, "follow-on " + follow_on.id + " for " + follow_on.agency + " " + why);
  }

 private:
  const Open311Record& record_;
  std::vector<ImportProblem>& problems_;
};

// In the order of time; at one moment what was created comes before what was closed.
std::vector<const Open311Note*> notes_in_order(const Open311Record& record) {
  std::vector<const Open311Note*> notes;
  for (const Open311Note& note : record.notes) {
    if (note.type == kFollowOnCreated || note.type == kFollowOnClosed) notes.push_back(&note);
  }
  std::ranges::stable_sort(notes, {}, [](const Open311Note* note) {
    return std::tuple(note->time, note->type == kFollowOnClosed);
  });
  return notes;
}

std::vector<FollowOn> pair_up(const Open311Record& record, Complaints& complaints) {
  std::vector<FollowOn> pairs;
  for (const Open311Note* note : notes_in_order(record)) {
    if (note->type == kFollowOnCreated) {
      const auto before = std::ranges::count(pairs, note->follow_on, &FollowOn::id);
      pairs.push_back({.id = note->follow_on,
                       .occurrence = static_cast<std::size_t>(before) + 1,
                       .agency = note->agency,
                       .created = note->time,
                       .created_text = note->text});
      continue;
    }
    const auto open = std::ranges::find_if(
        pairs, [&](const FollowOn& pair) { return pair.id == note->follow_on && !pair.closed; });
    if (open == pairs.end()) {
      complaints.add("unpaired-close", "follow-on " + note->follow_on + " was closed by " +
                                           note->agency + " at " + to_text(note->time) +
                                           " and never created");
      continue;
    }
    open->closed = note->time;
    open->closed_text = note->text;
    if (open->agency != note->agency) {
      complaints.add("agency-differs", *open, "was closed by " + note->agency);
    }
  }
  return pairs;
}

// Leaves those between two different members that are known here.
std::vector<FollowOn> known_of(std::vector<FollowOn> pairs, const MemberId& origin,
                               const AgencyMap& mapping, Complaints& complaints) {
  std::vector<FollowOn> known;
  for (FollowOn& pair : pairs) {
    pair.member = mapping.find(pair.agency);
    if (pair.member.empty()) {
      complaints.add("unknown-agency", pair, "went to an agency that is nobody here");
    } else if (pair.member == origin) {
      complaints.add("same-member", pair, "stayed with " + origin.text());
    } else {
      known.push_back(std::move(pair));
    }
  }
  return known;
}

// Those that were open when `follow_on` was created, and come before it here.
void complain_of_overlap(const std::vector<FollowOn>& before, const FollowOn& follow_on,
                         Complaints& complaints) {
  for (const FollowOn& other : before) {
    if (other.closed && *other.closed <= follow_on.created) continue;
    complaints.add(
        "overlap", follow_on,
        "and " + other.id + " were open at once; it is forwarded when the other has come back");
    return;
  }
}

}  // namespace

std::vector<FollowOn> follow_ons_of(const Open311Record& record, const MemberId& origin,
                                    const AgencyMap& mapping,
                                    std::vector<ImportProblem>& problems) {
  Complaints complaints(record, problems);
  auto known = known_of(pair_up(record, complaints), origin, mapping, complaints);
  std::ranges::stable_sort(known, {}, [](const FollowOn& pair) {
    return std::tuple(!pair.closed.has_value(), pair.created);
  });
  std::vector<FollowOn> replayed;
  for (FollowOn& follow_on : known) {
    const bool gone = !record.closed && !replayed.empty() && !replayed.back().closed;
    if (gone) {
      complaints.add("not-replayed", follow_on,
                     "is open beside " + replayed.back().id + ", which has the custody");
      continue;
    }
    if (!follow_on.closed) {
      complaints.add("unclosed", follow_on,
                     record.closed
                         ? "was open when the request was closed: it comes back unanswered"
                         : "is open: custody stays with " + follow_on.member.text());
    }
    complain_of_overlap(replayed, follow_on, complaints);
    replayed.push_back(std::move(follow_on));
  }
  return replayed;
}

}  // namespace simpul
