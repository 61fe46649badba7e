#include "node/demo/case_plan.h"

#include <array>
#include <string_view>

#include "node/demo/complaints.h"
#include "node/demo/seats.h"

namespace simpul {
namespace {

using std::chrono::milliseconds;

constexpr std::array kOrigins = {"51.03", "51.03", "34.04", "34.04", "36.03",
                                 "36.03", "51",    "34",    "13"};
constexpr std::array kOfferees = {"51", "34", "13", "51.03", "34.04", "36.03", "pupr", "kemenkes"};
constexpr std::array kChannels = {"app", "web", "sms", "counter", "phone", "social", "letter"};
constexpr milliseconds kShortDue{2'500};
constexpr std::uint64_t kPaceMin = 250, kPaceSpread = 1'000;  // ms between moves

template <class List>
auto pick(const List& list, Random& random) {
  return list[random.below(list.size())];
}

std::string province_of(const std::string& origin) {
  const std::string code = origin.substr(0, 2);
  for (const Seat& seat : seats()) {
    if (seat.kind == MemberKind::kProvince && seat.id == code) return code;
  }
  return "";  // not in this federation
}

// Who should handle it; the receiver itself where the owner is not in the federation.
std::string owner_of(const Complaint& complaint, const std::string& origin) {
  switch (complaint.owner) {
    case Owner::kPublicWorks:
      return "pupr";
    case Owner::kHealth:
      return "kemenkes";
    case Owner::kProvince:
      return province_of(origin).empty() ? origin : province_of(origin);
    case Owner::kReceiver:
      return origin;
  }
  return origin;
}

class Planner {
 public:
  explicit Planner(Random& random)
      : random_(random), complaint_(complaints()[random.below(complaints().size())]) {
    plan_.origin = pick(kOrigins, random);
    holder_ = plan_.origin;
  }

  CasePlan plan() {
    open();
    if (chance(8)) return plan_;
    move(holder_, "case.verify");
    if (chance(8)) return plan_;
    const std::string owner = owner_of(complaint_, plan_.origin);
    const bool gets_there = owner == plan_.origin ? chance(90) || stray() : pass_to(owner);
    if (gets_there) work();
    return plan_;
  }

 private:
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }

  void open() {
    const std::uint64_t draw = random_.below(10);
    const char* privacy = draw < 7 ? "public" : draw < 9 ? "anonymous" : "confidential";
    plan_.opening = {{"category", complaint_.category},
                     {"privacy", privacy},
                     {"channel", pick(kChannels, random_)},
                     {"text", complaint_.text},
                     {"identity", pick(reporters(), random_)},
                     {"place", pick(places_of(plan_.origin.c_str()), random_)}};
  }

  void move(const std::string& member, const std::string& command, Json arguments = {},
            milliseconds due = {}) {
    if (arguments.is_null()) arguments = Json::object();
    const milliseconds after(kPaceMin + random_.below(kPaceSpread));
    plan_.moves.push_back({member, command, std::move(arguments), after, due});
  }

  void offer(const std::string& to, milliseconds due = {}) {
    move(holder_, "case.forward", {{"to", to}, {"text", "Diteruskan sesuai kewenangan."}}, due);
  }

  void accept(const std::string& member) {
    move(member, "case.accept");
    holder_ = member;
  }

  void decline(const std::string& member, const std::string& suggested) {
    Json arguments = {{"reason", "not-our-authority"},
                      {"text", "Bukan wewenang kami, mohon diperiksa kembali."}};
    if (!suggested.empty()) arguments["suggest"] = suggested;
    move(member, "case.decline", std::move(arguments));
  }

  // Somebody whose business it is not.
  std::string outsider(const std::string& owner) {
    std::string other;
    do {
      other = pick(kOfferees, random_);
    } while (other == owner || other == holder_);
    return other;
  }

  // Offered to somebody who rightly declines, and kept then.
  bool stray() {
    const std::string other = outsider(holder_);
    offer(other);
    decline(other, "");
    return true;
  }

  // To whoever should have it; false when it does not arrive.
  bool pass_to(const std::string& owner) {
    if (chance(10)) return go_unanswered(owner);
    if (chance(5)) return go_round(owner);
    if (chance(15)) {
      const std::string other = outsider(owner);
      offer(other);
      decline(other, owner);
    }
    offer(owner);
    if (chance(10)) return false;
    accept(owner);
    return true;
  }

  // Nobody answers in time: the custodian's node asks for a ruling, and mostly gets one.
  bool go_unanswered(const std::string& owner) {
    offer(owner, kShortDue);
    if (chance(40)) return false;
    rule(owner);
    return true;
  }

  // Three declines: the same.
  bool go_round(const std::string& owner) {
    for (int round = 0; round < 3; ++round) {
      const std::string other = outsider(owner);
      offer(other);
      decline(other, "");
    }
    rule(owner);
    return true;
  }

  void rule(const std::string& owner) {
    move(kHubSeat, "hub.rule", {{"to", owner}, {"text", "Ditetapkan sesuai pembagian urusan."}});
    holder_ = owner;
  }

  void work() {
    move(holder_, "case.assign", {{"unit", complaint_.unit}});
    if (chance(10)) {
      move(holder_, "case.postpone",
           {{"reason", "data-awaited"}, {"text", "Menunggu data lapangan."}});
      if (chance(60)) return;
      move(holder_, "case.resume");
    }
    if (chance(50)) move(holder_, "case.progress", {{"text", "Petugas sudah ke lokasi."}});
    if (chance(20)) return;
    move(holder_, "case.answer", {{"text", complaint_.answer}});
    if (chance(25)) return;
    move(holder_, "case.close", {{"outcome", "resolved"}});
    if (chance(5)) {
      move(holder_, "case.reopen",
           {{"reason", "reporter-objects"}, {"text", "Pelapor menyatakan belum selesai."}});
    }
  }

  Random& random_;
  const Complaint& complaint_;
  CasePlan plan_;
  std::string holder_;
};

}  // namespace

CasePlan plan_case(Random& random) {
  return Planner(random).plan();
}

}  // namespace simpul
