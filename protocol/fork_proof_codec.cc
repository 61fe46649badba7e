#include <algorithm>

#include "protocol/capnp_message.h"
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"
#include "schema/fork_proof.capnp.h"

namespace simpul {
namespace {

Bytes joined(const std::vector<Digest>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * Digest::kSize);
  for (const Digest& hash : hashes) append(bytes, hash.view());
  return bytes;
}

Result<std::vector<Digest>> split(capnp::Data::Reader data) {
  if (data.size() % Digest::kSize != 0 || data.size() / Digest::kSize > kPathHashesMax) {
    return fail(ErrorCode::kMalformed,
                "a path is at most " + std::to_string(kPathHashesMax) + " hashes of 32 bytes");
  }
  std::vector<Digest> hashes(data.size() / Digest::kSize);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    std::copy_n(data.begin() + i * Digest::kSize, Digest::kSize, hashes[i].bytes.begin());
  }
  return hashes;
}

Result<Digest> one(capnp::Data::Reader data) {
  SIMPUL_TRY(hashes, split(data));
  if (hashes.size() != 1) return fail(ErrorCode::kMalformed, "a leaf is one hash of 32 bytes");
  return hashes[0];
}

Result<ForkedLeaf> read_leaf(wire::ForkProof::Leaves::Reader from) {
  SIMPUL_TRY(first_leaf, one(from.getFirstLeaf()));
  SIMPUL_TRY(first_path, split(from.getFirstPath()));
  SIMPUL_TRY(second_leaf, one(from.getSecondLeaf()));
  SIMPUL_TRY(second_path, split(from.getSecondPath()));
  return ForkedLeaf{from.getIndex(), first_leaf, std::move(first_path), second_leaf,
                    std::move(second_path)};
}

Result<ForkedPrefix> read_prefix(wire::ForkProof::Prefix::Reader from) {
  SIMPUL_TRY(head, split(from.getHead()));
  SIMPUL_TRY(tail, split(from.getTail()));
  return ForkedPrefix{std::move(head), std::move(tail)};
}

Result<ForkProof> read_proof(wire::ForkProof::Reader from) {
  ForkProof proof;
  proof.first = view_of(from.getFirst());
  proof.second = view_of(from.getSecond());
  switch (from.which()) {
    case wire::ForkProof::ROOTS:
      proof.evidence = ForkedRoots{};
      return proof;
    case wire::ForkProof::LEAVES: {
      SIMPUL_TRY(leaf, read_leaf(from.getLeaves()));
      proof.evidence = std::move(leaf);
      return proof;
    }
    case wire::ForkProof::PREFIX: {
      SIMPUL_TRY(prefix, read_prefix(from.getPrefix()));
      proof.evidence = std::move(prefix);
      return proof;
    }
  }
  return fail(ErrorCode::kMalformed, "a fork proof of a kind that this version does not know");
}

void write(const ForkedRoots&, wire::ForkProof::Builder to) {
  to.setRoots();
}

void write(const ForkedLeaf& from, wire::ForkProof::Builder to) {
  auto leaves = to.initLeaves();
  leaves.setIndex(from.index);
  leaves.setFirstLeaf(data_of(from.first_leaf.view()));
  leaves.setFirstPath(data_of(joined(from.first_path)));
  leaves.setSecondLeaf(data_of(from.second_leaf.view()));
  leaves.setSecondPath(data_of(joined(from.second_path)));
}

void write(const ForkedPrefix& from, wire::ForkProof::Builder to) {
  auto prefix = to.initPrefix();
  prefix.setHead(data_of(joined(from.head)));
  prefix.setTail(data_of(joined(from.tail)));
}

std::unexpected<Error> too_large() {
  return fail(ErrorCode::kTooLarge,
              "a fork proof has at most " + std::to_string(kForkProofSizeMax) + " bytes");
}

}  // namespace

Result<Bytes> encode_fork_proof(const ForkProof& proof) {
  capnp::MallocMessageBuilder message(kForkProofSizeMax / kWordSize);
  auto root = message.initRoot<wire::ForkProof>();
  root.setFirst(text_of(proof.first));
  root.setSecond(text_of(proof.second));
  std::visit([&](const auto& evidence) { write(evidence, root); }, proof.evidence);
  SIMPUL_TRY(bytes, write_message({}, message));
  if (bytes.size() > kForkProofSizeMax) return too_large();
  return std::move(bytes);
}

Result<ForkProof> decode_fork_proof(BytesView bytes) {
  if (bytes.size() > kForkProofSizeMax) return too_large();
  return read_message<wire::ForkProof>(bytes, read_proof);
}

}  // namespace simpul
