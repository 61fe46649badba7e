# Events on the wire. SPEC section "Events" is the rule book; this is the layout.
@0x9d3b6a1c52e8f047;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("simpul::wire");

# 32 bytes as four little-endian words, so that lists of hashes hold them in place.
# Absent or all zero: none.
struct Hash {
  w0 @0 :UInt64;
  w1 @1 :UInt64;
  w2 @2 :UInt64;
  w3 @3 :UInt64;
}

# Groups take no space of their own: an enclosure is 112 bytes in its list.
struct Enclosure {
  digest :group { w0 @0 :UInt64; w1 @1 :UInt64; w2 @2 :UInt64; w3 @3 :UInt64; }
  chunkRoot :group { w0 @4 :UInt64; w1 @5 :UInt64; w2 @6 :UInt64; w3 @7 :UInt64; }
  keyCommitment :group { w0 @8 :UInt64; w1 @9 :UInt64; w2 @10 :UInt64; w3 @11 :UInt64; }
  paddedSize @12 :UInt64;
  role @13 :UInt8;
}

struct Head {
  member @0 :Text;
  generation @1 :UInt32;
  size @2 :UInt64;
  root :group { w0 @3 :UInt64; w1 @4 :UInt64; w2 @5 :UInt64; w3 @6 :UInt64; }
}

struct Event {
  version @0 :UInt16;
  kind @1 :UInt16;
  generation @2 :UInt32;
  index @3 :UInt64;
  time @4 :Int64;          # milliseconds since 1970
  happened @5 :Int64;      # where hasHappened
  stateChanging @6 :Bool;
  hasHappened @7 :Bool;
  member @8 :Text;         # whose journal
  caseId @9 :Text;         # absent: not about a case
  names @10 :Text;         # the member that this event brings into the audience; mostly absent
  epoch @11 :Hash;
  casePrev @12 :Hash;
  after @13 :List(Hash);
  enclosures @14 :List(Enclosure);
  body @15 :AnyPointer;    # the struct below that `kind` names; never absent for those
}

struct Opened {            # kind 1
  channel @0 :UInt8;
  caseClass @1 :UInt8;
  privacy @2 :UInt8;
  region @3 :Text;
  category @4 :Text;
}
struct Verified {}         # kind 2
struct Assigned {          # kind 3
  unit @0 :Text;
}
struct Postponed {         # kind 4
  reason @0 :Text;
  until @1 :Int64;
}
struct Resumed {}          # kind 5
struct Forwarded {         # kind 6; `names` is to whom
  due @0 :Int64;
  reason @1 :Text;
}
struct Recalled {          # kind 7
  offer @0 :Hash;
}
struct Referred {          # kind 8
  ground @0 :Text;
  offer @1 :Hash;
}
struct Progress {}         # kind 9
struct Answered {}         # kind 10
struct Closed {            # kind 11
  outcome @0 :UInt8;
  duplicateOf @1 :Text;
}
struct Reopened {          # kind 12
  reason @0 :Text;
}
struct Corrected {         # kind 13
  field @0 :UInt8;
  value @1 :Text;
}
struct Linked {            # kind 14; `names` is who is to know of it, if anyone
  relation @0 :UInt8;      # 0 part of, 1 has part, 2 duplicate of, 3 has duplicate, 4 related
  other @1 :Text;          # case id
  undone @2 :Bool;
}
struct Delivered {         # kind 20
  offer @0 :Hash;
  seen @1 :Head;
}
struct Accepted {          # kind 21
  offer @0 :Hash;
}
struct Declined {          # kind 22
  offer @0 :Hash;
  reason @1 :Text;
  suggested @2 :Text;
}
struct Ruled {             # kind 30; `names` is to whom
  offer @0 :Hash;
  ground @1 :Text;
}
struct Settled {           # kind 31
  head @0 :Head;
}
struct ReporterReplied {}  # kind 40
struct Rated {             # kind 41
  stars @0 :UInt8;         # 1 to 5
}
struct PrivacyChanged {    # kind 42
  privacy @0 :UInt8;
  supersedes @1 :List(Hash);
}
struct Noted {}            # kind 43
struct Escalated {         # kind 45
  stage @0 :UInt8;         # 0 verify, 1 follow up, 2 complete, 3 reply
  cycle @1 :UInt32;
}
struct Erased {            # kind 44
  ground @0 :Text;
}
struct KeysDestroyed {     # kind 46
  because @0 :Hash;
}
struct LegalHold {         # kind 47
  holds @0 :Bool;
}
struct PartReported {      # kind 48
  part @0 :Text;           # case id
  stage @1 :UInt8;         # 0 open, 1 answered, 2 closed
  outcome @2 :UInt8;       # of a closed one, as in Closed
  custodian @3 :Text;
}
struct LinkAnswered {      # kind 49
  link @0 :Hash;
  agrees @1 :Bool;
}
struct Withdrawn {}        # kind 52
struct Appealed {          # kind 53
  to @0 :Text;
}
struct GenerationOpened {  # kind 50
  previous @0 :Head;
}
struct KeyRotated {        # kind 51
  version @0 :UInt32;
  key @1 :Hash;
  fromGeneration @2 :UInt32;
}
