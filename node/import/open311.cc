#include "node/import/open311.h"

#include <nlohmann/json.hpp>
#include <set>

#include "node/engine/arguments.h"
#include "node/json_depth.h"

namespace simpul {
namespace {

using Problem = std::optional<ImportProblem>;

// One JSON object of the response; keeps the first complaint.
class Fields {
 public:
  Fields(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object()) complain("malformed", where_ + " is no object");
  }

  // Null counts as absent everywhere.
  const Json* find(const char* name) const {
    if (!json_.is_object()) return nullptr;
    const auto at = json_.find(name);
    return at == json_.end() || at->is_null() ? nullptr : &*at;
  }

  std::string text(const char* name, std::size_t size_max = kOpen311TextSizeMax) {
    const Json* value = find(name);
    if (!value) return {};
    if (!value->is_string()) {
      complain("malformed", std::string(name) + " of " + where_ + " is no text");
      return {};
    }
    const auto& text = value->get_ref<const std::string&>();
    if (text.size() <= size_max) return text;
    complain("malformed", std::string(name) + " of " + where_ + " is longer than " +
                              std::to_string(size_max) + " bytes");
    return {};
  }

  std::string required(const char* name, std::size_t size_max = kOpen311NameSizeMax) {
    std::string value = text(name, size_max);
    if (value.empty()) complain("missing-field", where_ + " has no " + name);
    return value;
  }

  std::optional<Instant> time(const char* name) {
    const std::string value = text(name, kOpen311NameSizeMax);
    if (value.empty()) return std::nullopt;
    const auto parsed = parse_open311_time(value);
    if (parsed) return *parsed;
    complain("malformed", std::string(name) + " of " + where_ + ": " + parsed.error().message);
    return std::nullopt;
  }

  Instant required_time(const char* name) {
    const auto value = time(name);
    if (!value) complain("missing-field", where_ + " has no " + name);
    return value.value_or(Instant{});
  }

  // A coordinate, which some servers write as text.
  std::string coordinate(const char* name) {
    const Json* value = find(name);
    if (value && value->is_number()) return value->dump();
    return text(name, kOpen311NameSizeMax);
  }

  const Json& object(const char* name) { return part(name, Json::value_t::object, "object"); }
  const Json& array(const char* name) { return part(name, Json::value_t::array, "array"); }

  void complain(const char* what, std::string why) {
    if (!problem_) problem_ = ImportProblem{{}, what, std::move(why), true};
  }
  const Problem& problem() const { return problem_; }

 private:
  // An empty one where there is none.
  const Json& part(const char* name, Json::value_t type, const char* type_name) {
    static const Json kNoObject = Json::object();
    static const Json kNoArray = Json::array();
    const Json& none = type == Json::value_t::object ? kNoObject : kNoArray;
    const Json* value = find(name);
    if (!value) return none;
    if (value->type() == type) return *value;
    complain("malformed", std::string(name) + " of " + where_ + " is no " + type_name);
    return none;
  }

  const Json& json_;
  std::string where_;
  Problem problem_;
};

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// What was asked for, line by line, beginning with where it comes from.
std::string narrative_of(Fields& fields, const Open311Record& record) {
  std::string text = "Open311 " + record.id;
  add_line(text, record.service_name);
  add_line(text, fields.text("description"));
  for (const auto& [name, value] : fields.object("attributes").items()) {
    add_line(text, name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()));
  }
  add_line(text, fields.text("media_url"));
  return text;
}

std::string place_of(Fields& fields) {
  std::string text = fields.text("address");
  add_line(text, fields.text("address_id"));
  add_line(text, fields.text("zipcode"));
  const std::string latitude = fields.coordinate("lat"), longitude = fields.coordinate("long");
  if (!latitude.empty() && !longitude.empty()) add_line(text, latitude + ", " + longitude);
  return text;
}

Open311Note read_note(Fields& record, const Json& json, std::size_t number) {
  Fields fields(json, "note " + std::to_string(number));
  Open311Note note{.time = fields.required_time("datetime"), .type = fields.required("type")};
  const std::string summary = fields.text("summary");
  note.text = fields.text("description");
  if (note.type == kFollowOnCreated || note.type == kFollowOnClosed) {
    Fields follow_on(fields.object("extended_attributes"),
                     "the follow-on of note " + std::to_string(number));
    note.follow_on = follow_on.required("service_request_id");
    note.agency = follow_on.required("agency_responsible");
    if (follow_on.problem()) fields.complain("missing-field", follow_on.problem()->why);
    if (note.text.empty()) note.text = summary;
  } else if (!summary.empty()) {
    note.text = note.text.empty() ? summary : summary + ": " + note.text;
  }
  if (const auto& problem = fields.problem()) record.complain(problem->what.c_str(), problem->why);
  return note;
}

std::size_t text_size(const Open311Record& record) {
  std::size_t size = record.narrative.size() + record.place.size() + record.status_notes.size();
  for (const Open311Note& note : record.notes) size += note.text.size();
  return size;
}

void read_status(Fields& fields, Open311Record& record) {
  const std::string status = fields.required("status");
  record.closed = status == "closed";
  if (!status.empty() && status != "open" && status != "closed") {
    fields.complain("malformed", "status is neither open nor closed");
  }
  record.status_notes = fields.text("status_notes");
}

// How the record is called in complaints.
std::string name_of_record(const Json& json, std::size_t number) {
  const std::string by_place = "#" + std::to_string(number);
  if (!json.is_object()) return by_place;
  const auto id = json.find("service_request_id");
  if (id == json.end() || !id->is_string()) return by_place;
  const auto& text = id->get_ref<const std::string&>();
  return text.empty() || text.size() > kOpen311NameSizeMax ? by_place : text;
}

std::expected<Open311Record, ImportProblem> read_record(const Json& json, std::size_t number) {
  Fields fields(json, "the record");
  Open311Record record{.id = fields.required("service_request_id")};
  read_status(fields, record);
  record.agency = fields.required("agency_responsible");
  record.requested = fields.required_time("requested_datetime");
  record.updated = fields.time("updated_datetime");
  record.service_name = fields.text("service_name", kOpen311NameSizeMax);
  record.service_code = fields.text("service_code", kOpen311NameSizeMax);
  if (record.service_name.empty() && record.service_code.empty()) {
    fields.complain("missing-field", "the record has neither service_name nor service_code");
  }
  Fields extended(fields.object("extended_attributes"), "extended_attributes");
  if (const Json* channel = extended.find("channel"); channel && channel->is_string()) {
    record.channel = channel->get<std::string>();
  }
  record.narrative = narrative_of(fields, record);
  record.place = place_of(fields);
  const Json& notes = fields.array("notes");
  if (notes.size() > kOpen311NotesMax) {
    fields.complain("malformed", "there are over " + std::to_string(kOpen311NotesMax) + " notes");
  } else {
    for (const Json& note : notes) {
      record.notes.push_back(read_note(fields, note, record.notes.size() + 1));
    }
  }
  if (text_size(record) > kOpen311TextSizeMax) {
    fields.complain("malformed", "its texts come to more than " +
                                     std::to_string(kOpen311TextSizeMax) + " bytes");
  }
  if (!fields.problem()) return record;
  ImportProblem problem = *fields.problem();
  problem.record = name_of_record(json, number);
  return std::unexpected(std::move(problem));
}

}  // namespace

Result<Instant> parse_open311_time(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  bool good = text.size() > kForm.size() && text.size() < 40;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; good && at < kForm.size(); ++at) {
    good = kForm[at] == '0' ? is_digit(text[at]) : text[at] == kForm[at];
  }
  std::size_t zone = kForm.size();
  if (good && text[zone] == '.') {
    const std::size_t first = ++zone;
    while (zone < text.size() && is_digit(text[zone])) ++zone;
    good = zone > first;
  }
  const std::string_view rest = good ? std::string_view(text).substr(zone) : std::string_view();
  const bool is_offset = rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') &&
                         is_digit(rest[1]) && is_digit(rest[2]) && rest[3] == ':' &&
                         is_digit(rest[4]) && is_digit(rest[5]);
  if (good && (rest == "Z" || is_offset)) return parse_instant(text);
  return fail(ErrorCode::kMalformed, "'" + text.substr(0, 40) +
                                         "' is no time with a zone, such as "
                                         "2026-01-05T08:00:00+07:00");
}

Result<Open311File> read_open311(std::string_view text) {
  if (text.size() > kOpen311SizeMax) {
    return fail(ErrorCode::kTooLarge, "the file is over 100 MB; split it");
  }
  if (json_depth(text) > kOpen311DepthMax) {
    return fail(ErrorCode::kTooLarge, "the file nests deeper than any GeoReport response");
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::kMalformed, "the file is no JSON");
  if (!json.is_array()) {
    return fail(ErrorCode::kMalformed, "the file is no JSON array of service requests");
  }
  if (json.size() > kOpen311RecordsMax) {
    return fail(ErrorCode::kTooLarge,
                "the file holds over " + std::to_string(kOpen311RecordsMax) + " records; split it");
  }
  Open311File file;
  std::set<std::string> seen;
  std::size_t number = 0;
  for (const Json& item : json) {
    auto record = read_record(item, ++number);
    if (!record) {
      file.problems.push_back(std::move(record).error());
    } else if (!seen.insert(record->id).second) {
      file.problems.push_back(
          {record->id, "duplicate", "the file holds this request more than once", true});
    } else {
      file.records.push_back(*std::move(record));
    }
  }
  return file;
}

}  // namespace simpul
