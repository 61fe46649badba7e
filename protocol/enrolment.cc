// The enrolment request as it travels: signed by the key that it asks to have listed.
#include "protocol/capnp_roster.h"
#include "protocol/frame.h"
#include "protocol/roster_rules.h"

namespace simpul {
namespace {

constexpr const char* kOfRequest = "enrolment request";

Result<EnrolmentRequest> read_request(wire::Enrolment::Reader from) {
  Intake intake;
  EnrolmentRequest request;
  request.federation = view_of(from.getFederation());
  request.member = intake.member(view_of(from.getMember()), "bad member id");
  request.kind = intake.choice(from.getKind(), MemberKind::kAuditor, "unknown kind of member");
  request.name = view_of(from.getName());
  request.endpoint = view_of(from.getEndpoint());
  request.signing = key_of<VerifyKey>(from.getSigning());
  request.sealing = key_of<SealKey>(from.getSealing());
  request.transport = key_of<TransportKey>(from.getTransport());
  const auto nonce = from.getNonce();
  request.nonce.assign(nonce.begin(), nonce.end());
  request.expires = intake.instant(from.getExpires(), "its expiry is out of range");
  if (intake.good()) check_enrolment(request, intake);
  if (!intake.good()) return intake.error(kOfRequest);
  return request;
}

void write_request(const EnrolmentRequest& request, wire::Enrolment::Builder to) {
  to.setFederation(request.federation);
  to.setMember(request.member.text());
  to.setKind(static_cast<std::uint8_t>(request.kind));
  to.setName(request.name);
  if (!request.endpoint.empty()) to.setEndpoint(request.endpoint);
  set_words(to.initSigning(), request.signing.bytes);
  set_words(to.initSealing(), request.sealing.bytes);
  set_words(to.initTransport(), request.transport.bytes);
  to.setNonce(kj::arrayPtr(request.nonce.data(), request.nonce.size()));
  to.setExpires(request.expires.time_since_epoch().count());
}

}  // namespace

Result<Bytes> sign_enrolment(const EnrolmentRequest& request, const SigningKey& key) {
  SIMPUL_CHECK(request.signing == key.verify_key());
  Intake intake;
  check_enrolment(request, intake);
  if (!intake.good()) return intake.error(kOfRequest);
  capnp::MallocMessageBuilder builder(kEnrolmentSizeMax / kWordSize,
                                      capnp::AllocationStrategy::FIXED_SIZE);
  write_request(request, builder.initRoot<wire::Enrolment>());
  SIMPUL_TRY(message, write_message({}, builder));
  return sign_message(message, kEnrolmentDomain, key);
}

Result<EnrolmentRequest> open_enrolment(BytesView bytes) {
  SIMPUL_TRY(message, signed_message(bytes, kEnrolmentSizeMax));
  SIMPUL_TRY(request, read_message<wire::Enrolment>(message, read_request));
  SIMPUL_TRY_VOID(check_signature(bytes, kEnrolmentDomain, request.signing));
  return std::move(request);
}

}  // namespace simpul
