// The whole of a node's data: an environment and, per transaction, typed views on all tables.
//
//   WriteTransaction transaction(store.environment());
//   Tables tables(transaction);
//   tables.arrivals.append(...);
//   SIMPUL_TRY_VOID(transaction.commit());
#pragma once

#include <memory>
#include <string>

#include "crypto/result.h"
#include "storage/access_store.h"
#include "storage/admission_store.h"
#include "storage/arrivals.h"
#include "storage/case_store.h"
#include "storage/enclosure_store.h"
#include "storage/environment.h"
#include "storage/journal_nodes.h"
#include "storage/journal_store.h"
#include "storage/local_store.h"
#include "storage/mailbox_store.h"
#include "storage/meta_store.h"
#include "storage/packet_store.h"
#include "storage/receipt_store.h"
#include "storage/roster_store.h"

namespace simpul {

// Views on one transaction, which outlives them. Cheap to build.
struct Tables {
  explicit Tables(Transaction& transaction)
      : journals(transaction),
        arrivals(transaction),
        cases(transaction),
        mailboxes(transaction),
        packets(transaction),
        enclosures(transaction),
        receipts(transaction),
        rosters(transaction),
        admissions(transaction),
        meta(transaction),
        local(transaction),
        access(transaction) {}

  JournalStore journals;
  ArrivalStore arrivals;
  CaseStore cases;
  MailboxStore mailboxes;
  PacketStore packets;
  EnclosureStore enclosures;
  ReceiptStore receipts;
  RosterStore rosters;
  AdmissionStore admissions;
  MetaStore meta;
  LocalStore local;
  AccessStore access;
};

// Opens in a few milliseconds whatever it holds. Movable; transactions on it keep it in place.
class Store {
 public:
  static Result<Store> open(const std::string& directory, const Environment::Options& options) {
    SIMPUL_TRY(environment, Environment::open(directory, options));
    return Store(std::move(environment));
  }

  Environment& environment() const { return *environment_; }
  WriteTransaction write() const { return WriteTransaction(*environment_); }
  ReadTransaction read() const { return ReadTransaction(*environment_); }

 private:
  explicit Store(std::unique_ptr<Environment> environment) : environment_(std::move(environment)) {}
  std::unique_ptr<Environment> environment_;
};

}  // namespace simpul
