# The roster and the enrolment request on the wire: a 64-byte signature, then one of these.
# SPEC sections "Roster" and "Enrolment" are the rule books; this is the layout.
@0xb7e20c4498a1d563;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("simpul::wire");

using import "event.capnp".Hash;
using import "event.capnp".Head;

struct SigningPeriod {
  version @0 :UInt32;
  fromGeneration @1 :UInt32;
  fromIndex @2 :UInt64;
  key @3 :Hash;
}

struct Member {
  id @0 :Text;
  kind @1 :UInt8;
  suspended @2 :Bool;
  sealingVersion @3 :UInt32;
  name @4 :Text;
  endpoint @5 :Text;       # absent: dials only
  sealing @6 :Hash;
  transport @7 :Hash;
  signing @8 :List(SigningPeriod);
  revocations @9 :List(Head);
}

struct Policy {
  maxDeclines @0 :UInt32;
  offerDue @1 :Int64;      # milliseconds, as all three
  autoCloseAfter @2 :Int64;
  rosterGrace @3 :Int64;
  verifyDays @4 :UInt16 = 3;        # limits of a case's clocks, in working days
  followUpDays @5 :UInt16 = 5;
  informationDays @6 :UInt16 = 5;
  complaintDays @7 :UInt16 = 14;
  oversightDays @8 :UInt16 = 60;
  replyDays @9 :UInt16 = 10;
  daysOff @10 :List(Int32);         # ascending; days since 1970-01-01 by the calendar on the wall
  owners @11 :List(Owner);          # ascending by category and region
  keepInformation @12 :UInt32;      # days from closing to erasure; 0: kept
  keepComplaint @13 :UInt32;
  keepOversight @14 :UInt32;
  reopenWithin @15 :UInt32;         # days from closing; 0: any
}

struct Owner {
  category @0 :Text;
  region @1 :Text;         # absent: everywhere
  member @2 :Text;
}

struct Roster {
  version @0 :UInt64;
  issued @1 :Int64;        # milliseconds since 1970
  expires @2 :Int64;
  federation @3 :Text;
  previous @4 :Hash;
  rulingHub @5 :Text;
  formerRulings @6 :List(Head);
  policy @7 :Policy;
  members @8 :List(Member);
  retiredKeys @9 :List(Hash);
}

struct Enrolment {
  expires @0 :Int64;
  kind @1 :UInt8;
  federation @2 :Text;
  member @3 :Text;
  name @4 :Text;
  endpoint @5 :Text;
  signing @6 :Hash;
  sealing @7 :Hash;
  transport @8 :Hash;
  nonce @9 :Data;          # 16 bytes
}
