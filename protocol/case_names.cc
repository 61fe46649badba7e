#include "protocol/case_state.h"

namespace simpul {
namespace {

struct StatusNames {
  const char* name;
  const char* indonesian;
  const char* english;
};

constexpr StatusNames names_of(CaseStatus status) {
  switch (status) {
    case CaseStatus::kReceived:
      return {"received", "Diterima", "Received"};
    case CaseStatus::kVerified:
      return {"verified", "Terverifikasi", "Verified"};
    case CaseStatus::kInProgress:
      return {"in-progress", "Diproses", "In progress"};
    case CaseStatus::kPostponed:
      return {"postponed", "Ditunda", "Postponed"};
    case CaseStatus::kForwarded:
      return {"forwarded", "Diteruskan", "Forwarded"};
    case CaseStatus::kReferred:
      return {"referred", "Dirujuk", "Referred"};
    case CaseStatus::kAnswered:
      return {"answered", "Ditanggapi", "Answered"};
    case CaseStatus::kClosed:
      return {"closed", "Selesai", "Closed"};
  }
  return {"unknown", "Tidak dikenal", "Unknown"};
}

}  // namespace

const char* name_of(CaseStatus status) {
  return names_of(status).name;
}

const char* label_of(CaseStatus status, bool indonesian) {
  return indonesian ? names_of(status).indonesian : names_of(status).english;
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEffective:
      return "effective";
    case Verdict::kPending:
      return "pending";
    case Verdict::kVoid:
      return "void";
    case Verdict::kSuperseded:
      return "superseded";
    case Verdict::kDisputed:
      return "disputed";
    case Verdict::kUnknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace simpul
