// Words shown to people, Indonesian beside English.
#include <array>

#include "node/queries/query.h"
#include "protocol/reason_codes.h"

namespace simpul {
namespace {

struct KindLabel {
  EventKind kind;
  const char* indonesian;
  const char* english;
};

constexpr auto kLabels = std::to_array<KindLabel>({
    {EventKind::kOpened, "Laporan diterima", "Opened"},
    {EventKind::kVerified, "Terverifikasi", "Verified"},
    {EventKind::kAssigned, "Disposisi", "Assigned"},
    {EventKind::kPostponed, "Ditunda", "Postponed"},
    {EventKind::kResumed, "Dilanjutkan", "Resumed"},
    {EventKind::kForwarded, "Diteruskan", "Forwarded"},
    {EventKind::kRecalled, "Ditarik kembali", "Recalled"},
    {EventKind::kReferred, "Dimintakan penetapan", "Referred"},
    {EventKind::kProgress, "Diproses", "Progress"},
    {EventKind::kAnswered, "Ditanggapi", "Answered"},
    {EventKind::kClosed, "Selesai", "Closed"},
    {EventKind::kReopened, "Dibuka kembali", "Reopened"},
    {EventKind::kCorrected, "Dikoreksi", "Corrected"},
    {EventKind::kLinked, "Ditautkan", "Linked"},
    {EventKind::kDelivered, "Tersampaikan", "Delivered"},
    {EventKind::kAccepted, "Diambil alih", "Accepted"},
    {EventKind::kDeclined, "Bukan wewenang", "Declined"},
    {EventKind::kRuled, "Ditetapkan", "Ruled"},
    {EventKind::kSettled, "Jurnal ditetapkan", "Settled"},
    {EventKind::kReporterReplied, "Balasan pelapor", "Reporter replied"},
    {EventKind::kRated, "Dinilai", "Rated"},
    {EventKind::kPrivacyChanged, "Privasi diubah", "Privacy changed"},
    {EventKind::kNoted, "Catatan", "Noted"},
    {EventKind::kErased, "Dihapus", "Erased"},
    {EventKind::kEscalated, "Melewati tenggat", "Overdue"},
    {EventKind::kKeysDestroyed, "Kunci dimusnahkan", "Keys destroyed"},
    {EventKind::kLegalHold, "Penahanan hukum", "Legal hold"},
    {EventKind::kPartReported, "Laporan bagian", "Part reported"},
    {EventKind::kLinkAnswered, "Tautan dijawab", "Link answered"},
    {EventKind::kWithdrawn, "Dicabut pelapor", "Withdrawn"},
    {EventKind::kAppealed, "Keberatan diajukan", "Appealed"},
    {EventKind::kGenerationOpened, "Generasi baru", "Generation opened"},
    {EventKind::kKeyRotated, "Kunci diganti", "Key rotated"},
});

}  // namespace

Json label_json(CaseStatus status) {
  return {{"id", label_of(status, true)}, {"en", label_of(status, false)}};
}

Json label_json(EventKind kind) {
  for (const KindLabel& label : kLabels) {
    if (label.kind == kind) return {{"id", label.indonesian}, {"en", label.english}};
  }
  const std::string number = std::to_string(static_cast<unsigned>(kind));
  return {{"id", "Jenis " + number}, {"en", "Kind " + number}};
}

Json label_json(EventKind kind, const std::string& reason) {
  const ReasonCode* const found = find_reason(kind, reason);
  if (found == nullptr) return {{"id", reason}, {"en", reason}};
  return {{"id", found->indonesian}, {"en", found->english}};
}

}  // namespace simpul
