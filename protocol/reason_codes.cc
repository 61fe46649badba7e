#include "protocol/reason_codes.h"

#include <algorithm>
#include <array>

namespace simpul {
namespace {

using Codes = std::span<const ReasonCode>;

constexpr ReasonCode kOtherReason{"other", "Lainnya", "Other", false, true};

constexpr std::array kPostponements{
    ReasonCode{"data-awaited", "Menunggu data pelapor", "Data of the reporter's awaited"},
    ReasonCode{"field-check", "Pemeriksaan lapangan", "Field check"},
    ReasonCode{"third-party", "Menunggu pihak lain", "Another party awaited"},
    ReasonCode{"budget", "Menunggu anggaran", "Budget awaited"},
    ReasonCode{"proceedings", "Proses hukum berjalan", "Legal proceedings"},
    kOtherReason,
};
constexpr std::array kOffers{
    ReasonCode{"competence", "Sesuai kewenangan", "By competence"},
    ReasonCode{"region", "Sesuai wilayah", "By region"},
    ReasonCode{"suggested", "Sesuai usulan penerima sebelumnya", "Suggested by who declined"},
    ReasonCode{"follow-on", "Kelanjutan penanganan", "Next step of the work"},
    ReasonCode{"returned", "Dikembalikan setelah ditangani", "Given back when dealt with"},
    kOtherReason,
};
constexpr std::array kDeclines{
    ReasonCode{"not-our-authority", "Bukan kewenangan kami", "Not our authority", false, true},
    ReasonCode{"not-our-region", "Bukan wilayah kami", "Not our region", false, true},
    ReasonCode{"incomplete", "Laporan tidak lengkap", "Report incomplete"},
    ReasonCode{"duplicate", "Sudah kami tangani", "A duplicate of one handled here"},
    ReasonCode{"recalled", "Ditarik kembali", "Asked back", true},
    kOtherReason,
};
constexpr std::array kReferrals{
    ReasonCode{"no-agreement", "Tidak ada kesepakatan", "No agreement"},
    ReasonCode{"competence-unclear", "Kewenangan tidak jelas", "Competence unclear"},
    ReasonCode{"max-declines", "Batas penolakan tercapai", "Declined too often", true},
    ReasonCode{"unanswered", "Tidak dijawab", "Unanswered", true},
    kOtherReason,
};
constexpr std::array kRulings{
    ReasonCode{"competence", "Sesuai kewenangan", "By competence"},
    ReasonCode{"region", "Sesuai wilayah", "By region"},
    ReasonCode{"law", "Ketentuan perundang-undangan", "By law"},
    ReasonCode{"unanswered", "Tidak dijawab", "Unanswered"},
    ReasonCode{"appeal", "Keberatan pelapor", "The reporter's appeal"},
    ReasonCode{"suspended", "Anggota ditangguhkan", "Member suspended"},
    ReasonCode{"quarantined", "Anggota dikarantina", "Member quarantined"},
    kOtherReason,
};
constexpr std::array kReopenings{
    ReasonCode{"reporter-objects", "Pelapor keberatan", "The reporter objects"},
    ReasonCode{"new-evidence", "Bukti baru", "New evidence"},
    ReasonCode{"by-mistake", "Ditutup karena kekeliruan", "Closed by mistake"},
    kOtherReason,
};
constexpr std::array kErasures{
    ReasonCode{"request", "Permintaan pelapor dikabulkan", "The reporter's request, granted"},
    ReasonCode{"consent-withdrawn", "Persetujuan ditarik", "Consent withdrawn"},
    ReasonCode{"unlawful", "Diproses tanpa dasar hukum", "Held without a lawful ground"},
    ReasonCode{"court", "Putusan pengadilan", "Ordered by a court"},
    ReasonCode{"retention", "Masa simpan berakhir", "Kept as long as it had to be"},
    kOtherReason,
};

std::string_view code_of(const Event& event) {
  if (const auto* body = std::get_if<Postponed>(&event.body)) return body->reason;
  if (const auto* body = std::get_if<Forwarded>(&event.body)) return body->reason;
  if (const auto* body = std::get_if<Declined>(&event.body)) return body->reason;
  if (const auto* body = std::get_if<Referred>(&event.body)) return body->ground;
  if (const auto* body = std::get_if<Ruled>(&event.body)) return body->ground;
  if (const auto* body = std::get_if<Reopened>(&event.body)) return body->reason;
  if (const auto* body = std::get_if<Erased>(&event.body)) return body->ground;
  return {};
}

}  // namespace

std::span<const ReasonCode> reason_codes(EventKind kind) {
  switch (kind) {
    case EventKind::kPostponed:
      return kPostponements;
    case EventKind::kForwarded:
      return kOffers;
    case EventKind::kDeclined:
      return kDeclines;
    case EventKind::kReferred:
      return kReferrals;
    case EventKind::kRuled:
      return kRulings;
    case EventKind::kReopened:
      return kReopenings;
    case EventKind::kErased:
      return kErasures;
    default:
      return {};
  }
}

const ReasonCode* find_reason(EventKind kind, std::string_view code) {
  const Codes codes = reason_codes(kind);
  const auto found = std::ranges::find(codes, code, &ReasonCode::code);
  return found == codes.end() ? nullptr : &*found;
}

std::optional<std::string> unexplained(const Event& draft) {
  const std::string_view code = code_of(draft);
  const ReasonCode* const reason = find_reason(draft.kind, code);
  if (reason == nullptr || !reason->explained) return std::nullopt;
  const auto* const declined = std::get_if<Declined>(&draft.body);
  const bool names_owner = declined != nullptr && !declined->suggested.empty();
  const bool has_text = std::ranges::find(draft.enclosures, EnclosureRole::kReason,
                                          &EnclosureRef::role) != draft.enclosures.end();
  const bool may_name_owner = declined != nullptr && code != kOtherReason.code;
  if (has_text || (names_owner && may_name_owner)) return std::nullopt;
  return "the reason \"" + std::string(code) + "\" wants an explanation" +
         (may_name_owner ? " or the member it belongs to" : "");
}

}  // namespace simpul
