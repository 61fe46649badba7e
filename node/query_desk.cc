#include "node/query_desk.h"

#include "node/queries.h"

namespace simpul {

Result<Json> QueryDesk::ask(const std::string& name, const Json& arguments, Instant now) {
  ReadTransaction transaction = store_.read();
  Tables tables(transaction);
  SIMPUL_TRY(roster_held, roster(tables));
  const QueryContext context{
      .tables = tables, .self = &self_, .roster = roster_held->roster, .now = now};
  auto answer = run_query(context, name, arguments);
  SIMPUL_TRY_VOID(transaction.check());
  return answer;
}

Result<std::shared_ptr<const SignedRoster>> QueryDesk::roster(Tables& tables) {
  const std::uint64_t version = tables.rosters.newest_version();
  const std::lock_guard lock(mutex_);
  const bool is_current =
      version == 0 || (!roster_->bytes.empty() && roster_->roster.version == version);
  if (is_current) return roster_;
  const auto bytes = tables.rosters.get(version);
  if (!bytes) return fail(ErrorCode::kStorage, "the newest roster cannot be read");
  SIMPUL_TRY(opened, open_roster(*bytes, self_.root));
  roster_ = std::make_shared<const SignedRoster>(std::move(opened));
  return roster_;
}

}  // namespace simpul
