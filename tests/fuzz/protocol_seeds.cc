// What the protocol's decoders read, made by its encoders; and scripts, drawn.
#include "protocol/checkpoint.h"
#include "protocol/enclosure_content.h"
#include "protocol/fork_proof.h"
#include "protocol/frame.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/seeds.h"
#include "tests/support/memory_tree.h"

namespace simpul::fuzz {

namespace {

BytesView without_signature(const Bytes& bytes) {
  return BytesView(bytes).subspan(sizeof(Signature));
}

void add_rosters(Corpus& corpus) {
  const SigningKey& root = signing_key(kRootKey);
  Roster roster = sample_roster();
  const auto add = [&](const char* name) {
    corpus.add("roster", name, without_signature(sign_roster(roster, root).value().bytes));
  };
  add("first");
  roster.version = 2;
  roster.previous = sha256(Bytes{1});
  roster.retired_keys = {sha256(Bytes{2}), sha256(Bytes{3})};
  roster.former_rulings = {{journal_id("hub/1"), 9, sha256(Bytes{4})}};
  Member& member = roster.members[1];
  member.signing.push_back({2, signing_key(30).verify_key(), 1, 40});
  member.revocations = {{{journal_id("51.03/1"), 12, sha256(Bytes{5})}}};
  member.suspended = true;
  add("later");
  roster.policy.days_off = {LocalDay{std::chrono::days{20'454}},
                            LocalDay{std::chrono::days{20'682}}};
  roster.policy.owners = {{.category = "roads", .region = "", .owner = member.id},
                          {.category = "roads", .region = "51", .owner = member.id}};
  add("with-policy");
  corpus.add(
      "enrolment", "request",
      without_signature(sign_enrolment(sample_enrolment(), signing_key(kAuthorKey)).value()));
}

std::string note_of(std::uint64_t size) {
  const Digest root = sha256(Bytes{static_cast<std::uint8_t>(size)});
  return sign_checkpoint({"simpul/pilot/51/1", size, root}, signing_key(kAuthorKey));
}

void add_notes(Corpus& corpus) {
  const Instant time{std::chrono::seconds(1'767'225'600)};
  const std::string line = cosign(note_of(1), "simpul/pilot/hub", signing_key(kHubKey), time);
  corpus.add("checkpoint", "plain", note_of(1'000'000));
  corpus.add("checkpoint", "cosigned", add_signature(note_of(1), line).value());
  corpus.add("receipt", "honest", std::string(1, '\0') + line);
  corpus.add("receipt", "of-another-size", std::string(1, '\1') + line);
}

// Two histories of one journal that part at `apart`.
void add_fork_proofs(Corpus& corpus) {
  constexpr std::uint64_t kApart = 5, kFirst = 7, kSecond = 12;
  MemoryTree first, second;
  for (std::uint64_t i = 0; i < kFirst; ++i) {
    first.append(numbered_leaf(i, i < kApart ? "leaf" : "other"));
  }
  std::string second_at_first;
  for (std::uint64_t i = 0; i < kSecond; ++i) {
    second.append(numbered_leaf(i));
    if (i + 1 != kFirst) continue;
    second_at_first = sign_checkpoint({"simpul/pilot/51/1", kFirst, second.frontier().root()},
                                      signing_key(kAuthorKey));
  }
  const auto head = [](const MemoryTree& tree) {
    const Frontier& frontier = tree.frontier();
    return sign_checkpoint({"simpul/pilot/51/1", frontier.size(), frontier.root()},
                           signing_key(kAuthorKey));
  };
  const auto add = [&](const char* name, const ForkProof& proof) {
    corpus.add("fork_proof", name, encode_fork_proof(proof).value());
  };
  add("roots", {head(first), second_at_first, ForkedRoots{}});
  add("prefix", prove_fork(head(first), head(second), second).value());
  add("leaf", {head(first), head(second),
               ForkedLeaf{kApart, numbered_leaf(kApart, "other"),
                          inclusion_proof(first, kApart, kFirst).value(), numbered_leaf(kApart),
                          inclusion_proof(second, kApart, kSecond).value()}});
}

void add_enclosures(Corpus& corpus) {
  const auto add = [&](const char* name, const char* type, const char* file, const Bytes& bytes) {
    corpus.add("enclosure_content", name, encode_content(type, file, bytes).value().view());
  };
  add("text", "text/plain", "", to_bytes(std::string_view("Jalan Raya Kuta berlubang")));
  add("photo", "image/jpeg", "foto jalan.jpg", Bytes(300, 0xff));
  add("long", "application/pdf", "surat.pdf", Bytes(5000, 1));
}

void add_keystore_entries(Corpus& corpus) {
  const auto entry = [](std::uint8_t kind, std::uint8_t id, BytesView bytes) {
    Bytes out{kind, id, 0, 0, 0, static_cast<std::uint8_t>(bytes.size()), 0};
    append(out, bytes);
    return out;
  };
  Bytes whole = entry(1, 0, as_bytes("51.03"));
  for (std::uint8_t kind = 2; kind <= 5; ++kind) {
    append(whole, entry(kind, kind == 3 ? 0 : 1, Bytes(32, kind)));
  }
  corpus.add("keystore", "whole", whole);
  append(whole, entry(4, 2, Bytes(32, 8)));
  append(whole, entry(9, 1, Bytes(5, 9)));
  corpus.add("keystore", "with-a-later-kind", whole);
  append(whole, entry(6, 2, Bytes(36, 6)));
  corpus.add("keystore", "with-a-key-to-come", whole);
}

// `count` scripts of `size` bytes each, for a target driven by operations.
void add_scripts(Corpus& corpus, const char* target, int count, std::size_t size) {
  for (int i = 0; i < count; ++i) {
    SeededRandom random(static_cast<std::uint64_t>(i));
    corpus.add(target, "script-" + std::to_string(i), random.bytes(size));
  }
}

}  // namespace

void add_protocol(Corpus& corpus) {
  add_rosters(corpus);
  add_notes(corpus);
  add_fork_proofs(corpus);
  add_enclosures(corpus);
  add_keystore_entries(corpus);
  for (const char* target : {"merkle", "slander", "key_packet", "enclosure_chunks"}) {
    add_scripts(corpus, target, 4, 96);
  }
  for (const char* target :
       {"case_fold", "case_table", "damaged_store", "link_pair", "link_session", "tables"}) {
    add_scripts(corpus, target, 6, 240);
  }
}

}  // namespace simpul::fuzz
