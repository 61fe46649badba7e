#include "storage/admission_store.h"

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

std::optional<Admission> decode(Transaction& transaction, BytesView key, BytesView value) {
  Admission admission;
  auto transport = TransportKey::from(key);
  ValueReader in(value);
  admission.request = in.bytes();
  admission.state = in.choice(EnrolState::kRejected);
  admission.reason = in.text();
  admission.received = in.instant();
  admission.decided = in.optional_instant();
  if (!transport || !in.good()) {
    transaction.fail_with(damaged("enrolment request"));
    return std::nullopt;
  }
  admission.key = *transport;
  return admission;
}

}  // namespace

void AdmissionStore::put(const Admission& admission) {
  ValueWriter value;
  value.bytes(admission.request).u8(static_cast<std::uint8_t>(admission.state));
  value.text(admission.reason).instant(admission.received).instant(admission.decided);
  Table(*transaction_, TableId::kAdmissions).put(admission.key.view(), value);
}

std::optional<Admission> AdmissionStore::get(const TransportKey& key) const {
  const auto value = Table(*transaction_, TableId::kAdmissions).get(key.view());
  if (!value) return std::nullopt;
  return decode(*transaction_, key.view(), *value);
}

std::vector<Admission> AdmissionStore::all() const {
  std::vector<Admission> admissions;
  Table(*transaction_, TableId::kAdmissions).scan({}, [&](BytesView key, BytesView value) {
    auto admission = decode(*transaction_, key, value);
    if (!admission) return false;
    admissions.push_back(*std::move(admission));
    return true;
  });
  return admissions;
}

std::vector<Admission> AdmissionStore::all(EnrolState state) const {
  std::vector<Admission> admissions = all();
  std::erase_if(admissions, [&](const Admission& each) { return each.state != state; });
  return admissions;
}

bool AdmissionStore::erase(const TransportKey& key) {
  return Table(*transaction_, TableId::kAdmissions).erase(key.view());
}

void AdmissionStore::retire(const Digest& key_hash) {
  Table(*transaction_, TableId::kRetiredKeys).put(key_hash.view(), {});
}

bool AdmissionStore::is_retired(const Digest& key_hash) const {
  return Table(*transaction_, TableId::kRetiredKeys).contains(key_hash.view());
}

std::vector<Digest> AdmissionStore::retired() const {
  std::vector<Digest> hashes;
  Table(*transaction_, TableId::kRetiredKeys).scan({}, [&](BytesView key, BytesView) {
    hashes.push_back(KeyReader(key).digest());
    return true;
  });
  return hashes;
}

}  // namespace simpul
