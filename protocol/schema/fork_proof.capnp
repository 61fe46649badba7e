# A portable proof that one author signed two histories. protocol/SPEC.md, "Fork proofs".
@0xc18e955cc03f7aa7;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("simpul::wire");

struct ForkProof {
  first @0 :Text;  # a checkpoint, the whole note
  second @1 :Text;  # another of the same journal, of no smaller size

  union {
    roots @2 :Void;  # the sizes are equal and the roots are not

    leaves :group {  # two leaves at one index, each proved included
      index @3 :UInt64;
      firstLeaf @4 :Data;  # 32 bytes
      firstPath @5 :Data;  # 32 bytes a hash
      secondLeaf @6 :Data;
      secondPath @7 :Data;
    }

    prefix :group {  # the second tree holds another tree of the first's size
      head @8 :Data;  # peaks of the first's size, as they are in the second tree
      tail @9 :Data;  # what extends them to the second tree
    }
  }
}
