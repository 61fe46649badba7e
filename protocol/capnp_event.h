// The parts of an event's layout that its reader, its writer and the roster share.
// Included by protocol/*.cc only.
#pragma once

#include "protocol/capnp_message.h"
#include "protocol/event.h"
#include "protocol/intake.h"
#include "schema/event.capnp.h"

namespace simpul {

// `Reader` is wire::Hash::Reader or a group of the same four words.
template <class Reader>
Digest digest_of(const Reader& from) {
  return Digest{words_of(from)};
}

// A head that must be there. `Reader` is wire::Head::Reader.
template <class Reader>
HeadRef read_head(const Reader& from, Intake& intake) {
  HeadRef head;
  head.journal.member = intake.member(view_of(from.getMember()), "a head's member");
  head.journal.generation = from.getGeneration();
  intake.require(head.journal.generation > 0, "a head's generation is 1 or more");
  head.size = from.getSize();
  head.root = digest_of(from.getRoot());
  return head;
}

template <class Builder>
void write_head(const HeadRef& head, Builder to) {
  to.setMember(head.journal.member.text());
  to.setGeneration(head.journal.generation);
  to.setSize(head.size);
  set_words(to.getRoot(), head.root.bytes);
}

// At most `max` hashes, none of them zero.
template <class List>
std::vector<EventHash> read_hashes(const List& from, std::size_t max, const char* what,
                                   Intake& intake) {
  std::vector<EventHash> hashes;
  intake.require(from.size() <= max, what);
  if (!intake.good()) return hashes;
  hashes.reserve(from.size());
  for (const auto& hash : from) hashes.push_back(intake.set(digest_of(hash), what));
  return hashes;
}

template <class List>
unsigned list_size(const List& list) {
  return static_cast<unsigned>(list.size());
}

template <class List>
void write_hashes(const std::vector<Digest>& hashes, List to) {
  for (unsigned i = 0; i < to.size(); ++i) set_words(to[i], hashes[i].bytes);
}

// The body that `kind`, a known one, has; `names` is the envelope's.
EventBody read_body(EventKind kind, const MemberId& names, capnp::AnyPointer::Reader from,
                    Intake& intake);

// Nothing is written for UnknownBody.
void write_body(const EventBody& body, capnp::AnyPointer::Builder to);

// The member that a body puts into the envelope; empty for most.
MemberId names_of(const EventBody& body);

}  // namespace simpul
