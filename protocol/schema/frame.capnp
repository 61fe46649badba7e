# Frames of the Simpul protocol: one message of a single segment each. SPEC.md section "Frames"
# gives the limits that a receiver enforces. Only ever add fields and union members at the end.
@0xfe4b47d53ce41c95;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("simpul::wire::frame");

struct Frame {
  union {
    hello @0 :Hello;
    subscribe @1 :Subscribe;
    journalRecords @2 :JournalRecords;
    mailboxRecords @3 :MailboxRecords;
    ack @4 :Ack;
    caseRequest @5 :Text;            # case id
    enclosureRequest @6 :EnclosureRequest;
    enclosureChunk @7 :EnclosureChunk;
    enclosureDone @8 :Data;          # digest, 32 bytes
    rosterRequest @9 :UInt64;        # version held
    roster @10 :Data;                # signed roster
    enrol @11 :Data;                 # signed request
    enrolStatus @12 :EnrolStatus;
    forkNotice @13 :Data;            # fork proof
    ping @14 :Ping;
    bye @15 :Bye;
    consistencyRequest @16 :ConsistencyRequest;
  }
}

struct Hello {
  isWelcome @0 :Bool;
  version @1 :UInt16;
  federation @2 :Text;
  member @3 :Text;
  rosterVersion @4 :UInt64;
  rosterHash @5 :Data;               # 32 bytes
  heldOfYou @6 :Text;                # checkpoint note or empty
  ownHead @7 :Text;                  # checkpoint note or empty
  software @8 :Text;
}

struct Journal {
  member @0 :Text;
  generation @1 :UInt32;
}

struct Stream {
  union {
    journal @0 :Journal;
    mailbox @1 :UInt64;              # the holder's mailbox generation; 0: not known
  }
}

struct Subscribe {
  stream @0 :Stream;
  from @1 :UInt64;
  creditBytes @2 :UInt64;
}

struct JournalRecords {
  journal @0 :Journal;
  first @1 :UInt64;
  events @2 :List(Data);
  checkpoint @3 :Text;
}

struct Node {
  # A perfect node of the journal's tree; the hash's 32 bytes are w0..w3, each little-endian.
  index @0 :UInt64;
  w0 @1 :UInt64;
  w1 @2 :UInt64;
  w2 @3 :UInt64;
  w3 @4 :UInt64;
  level @5 :UInt8;
}

struct SparseEvent {
  index @0 :UInt64;
  bytes @1 :Data;
}

struct ProvedGroup {
  journal @0 :Journal;
  knownSize @1 :UInt64;
  checkpoint @2 :Text;
  nodes @3 :List(Node);
  events @4 :List(SparseEvent);
}

struct KeyPacket {
  enclosure @0 :Data;                # 32 bytes
  caseId @1 :Text;
  from @2 :Text;
  to @3 :Text;
  sealingVersion @4 :UInt32;
  withdrawn @5 :Bool;
  sealed @6 :Data;
  signature @7 :Data;                # 64 bytes
}

struct MailboxRecords {
  isReply @0 :Bool;
  generation @1 :UInt64;
  first @2 :UInt64;
  last @3 :UInt64;
  groups @4 :List(ProvedGroup);
  packets @5 :List(KeyPacket);
}

struct Ack {
  stream @0 :Stream;
  cursor @1 :UInt64;
  receipt @2 :Text;
  creditBytes @3 :UInt64;
}

struct EnclosureRequest {
  digest @0 :Data;
  first @1 :UInt64;
  count @2 :UInt32;
}

struct EnclosureChunk {
  digest @0 :Data;
  index @1 :UInt64;
  absent @2 :Bool;
  bytes @3 :Data;
  proof @4 :Data;                    # digests of 32 bytes, one after the other
}

struct EnrolStatus {
  state @0 :UInt8;
  reason @1 :Text;
}

struct Ping {
  nonce @0 :UInt64;
  isPong @1 :Bool;
  time @2 :Int64;  # the sender's clock; 0: not said
}

struct Bye {
  code @0 :UInt16;
  reason @1 :Text;
}

struct ConsistencyRequest {
  journal @0 :Journal;
  knownSize @1 :UInt64;
  size @2 :UInt64;
}
