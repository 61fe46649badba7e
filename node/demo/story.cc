#include "node/demo/story.h"

#include <set>

#include "node/demo/reading_table.h"
#include "node/demo/seats.h"

namespace simpul {
namespace {

constexpr const char* kOrigin = "51.03";
constexpr const char* kProvince = "51";
constexpr const char* kWrongMinistry = "kemenkes";
constexpr const char* kMinistry = "pupr";

const Words kNarrative = {
    "Kontraktor pelebaran Jalan Bypass di Jimbaran menimbun sisa aspal di saluran irigasi subak. "
    "Dua petak sawah kami tergenang dan mandor meminta uang agar kami tidak melapor.",
    "The contractor widening the bypass road in Jimbaran dumps leftover asphalt into the subak's "
    "irrigation channel. Two of our rice fields are flooded, and the foreman wants money for us "
    "to keep quiet."};
const Words kIdentity = {"Ni Luh Contoh Sekarini, Br. Rekaan, Jimbaran, telepon 0800-0000-123",
                         "Ni Luh Contoh Sekarini, Br. Rekaan, Jimbaran, telephone 0800-0000-123"};
const Words kPlace = {"Saluran di tepi barat jalan, sekitar KM 12+400, depan subak Rekaan",
                      "Channel on the western side of the road, about KM 12+400, by subak Rekaan"};
const Words kAnswer = {
    "Timbunan aspal sudah diangkat, saluran sudah mengalir kembali, kontraktor ditegur tertulis "
    "dan "
    "pungutan diteruskan ke Inspektorat.",
    "The asphalt has been removed, the channel flows again, the contractor has a written warning, "
    "and the demand for money was passed to the Inspectorate."};

class Story {
 public:
  Story(DemoFederation& federation, Voice& voice) : federation_(federation), voice_(voice) {}

  Result<void> tell() {
    SIMPUL_TRY_VOID(in_badung());
    SIMPUL_TRY_VOID(to_bali());
    SIMPUL_TRY_VOID(to_the_wrong_ministry());
    SIMPUL_TRY_VOID(to_the_ministry());
    SIMPUL_TRY_VOID(to_the_end());
    return show_timeline();
  }

 private:
  Result<void> in_badung() {
    SIMPUL_TRY(opened, federation_.ask(kOrigin, "case.open",
                                       {{"category", "infrastructure.roads"},
                                        {"privacy", "confidential"},
                                        {"class", "oversight"},
                                        {"channel", "app"},
                                        {"text", voice_.in(kNarrative)},
                                        {"identity", voice_.in(kIdentity)},
                                        {"place", voice_.in(kPlace)}}));
    id_ = opened["case"];
    voice_.step({"Badung menerima laporan rahasia " + id_ + " lewat aplikasi",
                 "Badung receives the confidential complaint " + id_ + " through the app"});
    SIMPUL_TRY_VOID(move(kOrigin, "case.verify", {}));
    voice_.step({"Badung memverifikasi laporan", "Badung verifies it"});
    SIMPUL_TRY_VOID(hub_knows("verified", kOrigin));
    return who_reads({kOrigin, kHubSeat}, kOrigin, {});
  }

  Result<void> to_bali() {
    SIMPUL_TRY_VOID(offer(kOrigin, kProvince,
                          {"Jalan itu bukan jalan kabupaten, mohon provinsi menangani.",
                           "The road is not the regency's; the province should see to it."}));
    voice_.step({"Badung meneruskan ke Bali; simpul Bali mengirim tanda terima dengan sendirinya",
                 "Badung forwards it to Bali, whose node sends its signed receipt by itself"});
    SIMPUL_TRY_VOID(take_over(kProvince));
    SIMPUL_TRY_VOID(move(kProvince, "case.assign", {{"unit", "dinas-puprkim"}}));
    voice_.step({"Bali mengambil alih dan mendisposisi ke Dinas PUPRKIM",
                 "Bali accepts it and assigns it to its public works office"});
    SIMPUL_TRY_VOID(hub_knows("verified", kProvince));
    return who_reads({kOrigin, kProvince, kHubSeat}, kProvince, {});
  }

  // The offer and its decline: who reads while it is open, and afterwards.
  Result<void> to_the_wrong_ministry() {
    SIMPUL_TRY_VOID(offer(kProvince, kWrongMinistry,
                          {"Genangan dikhawatirkan menjadi sarang nyamuk.",
                           "The standing water may breed mosquitoes."}));
    voice_.step({"Bali menawarkannya ke Kementerian Kesehatan",
                 "Bali offers it to the Ministry of Health"});
    SIMPUL_TRY_VOID(who_reads({kOrigin, kProvince, kWrongMinistry, kHubSeat}, kWrongMinistry, {}));
    const Words reason = {"Pokok laporan adalah pekerjaan jalan nasional, bukan kesehatan.",
                          "This is about works on a national road, not about health."};
    SIMPUL_TRY_VOID(move(
        kWrongMinistry, "case.decline",
        {{"reason", "not-our-authority"}, {"suggest", kMinistry}, {"text", voice_.in(reason)}}));
    SIMPUL_TRY(shown_there,
               federation_.ask_until(kProvince, "case.show", {{"case", id_}},
                                     "the decline and its reason", [](const Json& shown) {
                                       return !shown["declined"].empty() &&
                                              open_text(shown, "reason", kWrongMinistry);
                                     }));
    const Json& decline = shown_there["declined"].back();
    const std::string why = *open_text(shown_there, "reason", kWrongMinistry);
    const std::string suggested = called(decline["suggested"]);
    voice_.step({"Kementerian Kesehatan menolak (Bukan Wewenang); alasan yang dibaca simpul Bali:",
                 "The Ministry of Health declines (not our authority); the reason as Bali's node "
                 "reads it:"});
    voice_.line("            \"" + why + "\"");
    voice_.line(voice_.in({"            usulan: ", "            suggested: "}) + suggested);
    SIMPUL_TRY_VOID(say_who_reads_the_reason());
    return who_reads({kOrigin, kProvince, kWrongMinistry, kHubSeat}, kProvince, {kWrongMinistry});
  }

  // The hub that rules on disputes is told why a case was declined, and nothing else.
  Result<void> say_who_reads_the_reason() {
    SIMPUL_TRY(at_hub, federation_.ask(kHubSeat, "case.show", {{"case", id_}}));
    const bool reads = open_text(at_hub, "reason", kWrongMinistry).has_value();
    voice_.line(voice_.in({"            hub penetap membaca alasan ini: ",
                           "            the ruling hub reads this reason: "}) +
                (reads ? voice_.in({"ya", "yes"}) : voice_.in({"tidak", "no"})));
    return {};
  }

  Result<void> to_the_ministry() {
    SIMPUL_TRY_VOID(offer(kProvince, kMinistry,
                          {"Jalan nasional; mohon ditangani balai.",
                           "A national road; for your regional office to handle."}));
    SIMPUL_TRY_VOID(take_over(kMinistry));
    voice_.step({"Bali meneruskan ke Kementerian PU, yang mengambil alih",
                 "Bali forwards it to the Ministry of Public Works, which accepts it"});
    SIMPUL_TRY_VOID(move(kMinistry, "case.progress", {{"text", voice_.in(kProgress)}}));
    SIMPUL_TRY_VOID(hub_knows("in-progress", kMinistry));
    return who_reads({kOrigin, kProvince, kWrongMinistry, kMinistry, kHubSeat}, kMinistry,
                     {kWrongMinistry});
  }

  Result<void> to_the_end() {
    SIMPUL_TRY_VOID(move(kMinistry, "case.answer", {{"text", voice_.in(kAnswer)}}));
    SIMPUL_TRY(answered,
               federation_.ask_until(kOrigin, "case.show", {{"case", id_}}, "the answer",
                                     [](const Json& shown) {
                                       return open_text(shown, "answer", kMinistry).has_value();
                                     }));
    voice_.step({"Kementerian PU menanggapi; Badung membacanya untuk pelapor:",
                 "The ministry answers; Badung reads it to the reporter:"});
    voice_.line("            \"" + *open_text(answered, "answer", kMinistry) + "\"");
    SIMPUL_TRY_VOID(move(kMinistry, "case.close", {{"outcome", "resolved"}}));
    voice_.step({"Kementerian PU menutup laporan: selesai", "The ministry closes it: resolved"});
    SIMPUL_TRY_VOID(hub_knows("closed", kMinistry));
    return who_reads({kOrigin, kProvince, kWrongMinistry, kMinistry, kHubSeat}, kMinistry,
                     {kWrongMinistry});
  }

  Result<void> show_timeline() {
    SIMPUL_TRY(timeline, federation_.ask(kOrigin, "case.timeline", {{"case", id_}}));
    voice_.line("");
    voice_.line(voice_.in({"   Riwayat " + id_ + " menurut simpul Badung (waktu UTC):",
                           "   Timeline of " + id_ + " by Badung's node (UTC):"}));
    for (const Json& event : timeline["timeline"]) {
      const std::string label = event["label"][voice_.indonesian() ? "id" : "en"];
      const std::string logged = event["logged"];
      voice_.line("   " + logged.substr(11, 12) + "  " + padded(label, 20) +
                  padded(called(event["author"]), 34) + event["grade"].get<std::string>());
    }
    return {};
  }

  Result<void> move(const std::string& member, const std::string& name, Json arguments) {
    arguments["case"] = id_;
    SIMPUL_TRY_VOID(federation_.ask(member, name, arguments));
    return {};
  }

  Result<void> offer(const std::string& from, const std::string& to, const Words& reason) {
    SIMPUL_TRY_VOID(move(from, "case.forward", {{"to", to}, {"text", voice_.in(reason)}}));
    SIMPUL_TRY_VOID(federation_.ask_until(
        from, "case.show", {{"case", id_}}, "the receipt of " + called(to), [](const Json& shown) {
          return shown.contains("offer") && shown["offer"]["delivered"] == true;
        }));
    return {};
  }

  Result<void> take_over(const std::string& member) {
    SIMPUL_TRY_VOID(move(member, "case.accept", {}));
    SIMPUL_TRY_VOID(federation_.ask_until(
        kOrigin, "case.show", {{"case", id_}}, called(member) + " to be the custodian",
        [&](const Json& shown) { return shown["custodian"] == member; }));
    return {};
  }

  Result<void> hub_knows(const std::string& status, const std::string& custodian) {
    SIMPUL_TRY_VOID(federation_.ask_until(
        kHubSeat, "case.show", {{"case", id_}}, "status " + status, [&](const Json& shown) {
          return shown["status"] == status && shown["custodian"] == custodian;
        }));
    return {};
  }

  // `acting` must read the narrative, the hub and `shut_out` nothing, and only the origin who
  // reported. What is printed is what the nodes answered.
  Result<void> who_reads(const std::vector<std::string>& members, const std::string& acting,
                         const std::set<std::string>& shut_out) {
    SIMPUL_TRY(table, ReadingTable::ask(federation_, id_, members, acting));
    for (const std::string& line : table.lines(voice_)) voice_.line(line);
    for (const std::string& member : members) {
      const bool must_not = member == kHubSeat || shut_out.contains(member);
      if (must_not && table.reads_anything(member)) return leak(member, "a text");
      if (member != kOrigin && table.reads(member, "identity")) return leak(member, "the reporter");
    }
    if (table.reads(acting, "narrative") && table.reads(kOrigin, "identity")) return {};
    return fail(ErrorCode::kNotEntitled, called(acting) + " cannot read what it must act on");
  }

  Result<void> leak(const std::string& member, const std::string& what) {
    return fail(ErrorCode::kConflict,
                called(member) + " reads " + what + " of " + id_ + ", which it must not");
  }

  const Words kProgress = {"Tim balai sudah meninjau lokasi.",
                           "The regional office has inspected the place."};
  DemoFederation& federation_;
  Voice& voice_;
  std::string id_;
};

}  // namespace

Result<void> tell_story(DemoFederation& federation, Voice& voice) {
  return Story(federation, voice).tell();
}

}  // namespace simpul
