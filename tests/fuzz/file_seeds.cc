// Files that people and nodes write, requests of the control socket, rows, names and times.

#include "crypto/encoding.h"
#include "node/config.h"
#include "node/control_wire.h"
#include "node/federation_file.h"
#include "node/restore_marker.h"
#include "storage/case_row.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/seeds.h"

namespace simpul::fuzz {

namespace {

void add_config(Corpus& corpus) {
  Config config;
  config.member = member_id("51.03");
  config.federation = kFederation;
  config.name = "Kabupaten Badung";
  corpus.add("config", "least", to_toml(config));
  config.listen = "tcp://*:7100";
  config.endpoint = "tcp://badung.example.go.id:7100";
  config.journals = {member_id("51"), member_id("pupr")};
  config.log_format = LogFormat::kJson;
  corpus.add("config", "most", to_toml(config));
}

void add_json(Corpus& corpus) {
  const FederationFile federation{std::string(kFederation),
                                  signing_key(kRootKey).verify_key(),
                                  {{member_id("hub"), "tcp://hub.example.go.id:7100",
                                    TransportKey{signing_key(9).verify_key().bytes}}}};
  corpus.add("federation_file", "one-hub", to_json_text(federation));
  corpus.add("control_wire", "request",
             encode_request("case.list", {{"limit", 10}, {"status", "received"}}));
  corpus.add("control_wire", "reply", encode_reply(Json{{"cases", Json::array({1, "2"})}}));
  corpus.add("control_wire", "refusal",
             encode_reply(fail(ErrorCode::kNotAllowed, "the case is closed")));
  corpus.add("agency_map", "toml",
             "jurisdiction = \"city.example\"\nprivacy = \"anonymous\"\n[agencies]\n"
             "\"Water Management\" = \"water\"\n\"Roads\" = \"51.03\"\n");
  corpus.add("agency_map", "json",
             "{\"agencies\": {\"Roads\": \"51.03\"}, \"privacy\": \"public\"}");
}

void add_policies(Corpus& corpus) {
  corpus.add("policy_file", "whole",
             "max_declines = 3\ndays_off = [2026-01-01, 2026-08-17]\n[clocks]\nverify = 3\n"
             "follow_up = 5\ninformation = 5\ncomplaint = 14\noversight = 60\nreply = 10\n");
  corpus.add("policy_file", "owners",
             "[[owners]]\ncategory = \"roads\"\nmember = \"51.03\"\n"
             "[[owners]]\ncategory = \"roads\"\nregion = \"51\"\nmember = \"ministry-1\"\n");
  corpus.add(
      "policy_file", "retention",
      "reopen_within = 30\n[retention]\ninformation = 730\ncomplaint = 1825\noversight = 0\n");
  corpus.add("policy_file", "days-alone", "days_off = [2026-12-25, 2026-01-01, 2026-01-01]\n");
}

void add_requests_of_a_city(Corpus& corpus) {
  corpus.add("open311", "one", R"([{"service_request_id": "1", "status": "closed",
"service_name": "Potholes", "agency_responsible": "Roads", "lat": 1.5, "long": "2",
"requested_datetime": "2020-03-01T09:00:00+07:00", "updated_datetime": "2020-03-02T10:00:00Z",
"attributes": {"WHERE": "corner", "n": [1]}, "extended_attributes": {"channel": "web"},
"notes": [
{"datetime": "2020-03-01T15:00:00+07:00", "type": "activity", "summary": "Seen"},
{"datetime": "2020-03-01T16:00:00+07:00", "type": "follow_on_created", "summary": "to",
 "extended_attributes": {"service_request_id": "9", "agency_responsible": "Water"}},
{"datetime": "2020-03-01T17:00:00+07:00", "type": "follow_on_closed", "summary": "done",
 "extended_attributes": {"service_request_id": "9", "agency_responsible": "Water"}},
{"datetime": "2020-03-02T10:00:00+07:00", "type": "closed"}]}])");
  corpus.add("open311", "with-a-mapping",
             std::string("[agencies]\n\"A\" = \"51\"\n") + '\0' +
                 R"([{"service_request_id": "x", "status": "open", "service_code": "5",
"agency_responsible": "A", "requested_datetime": "2020-03-01T09:00:00.5-03:30"}])");
}

void add_tables(Corpus& corpus) {
  corpus.add("csv", "quotes", "a,b\n\"x,\"\"y\"\"\r\nz\",=1\n1,\"open\n2,3\n");
  corpus.add("csv", "marks", "\xEF\xBB\xBFid;text;place\r\n\r\n1;\"a;b\";\xC3\xA9\r2;\xFF;\n");
  corpus.add(
      "csv_cases", "standing",
      "a,b,c,d,e,f,g,h,i,j\n1,02/01/2020 10:30,Jalan,Jalan Rusak,A,Kab. Badung,public,web,I,K\n"
      "2,3 Agustus 21,Lampu,,oversight,51.03,anonymous,sms,,\n"
      "3,2020-01-02T10:30:00+08:00,Hubungi 081234567890,x,,,,,,\n"
      "3,2020-01-02T10:30:00Z,lagi,x,,91.01,,,,,\n1,2\n");
  corpus.add(
      "csv_cases", "with-a-mapping",
      std::string("source = \"lapor\"\nzone = \"wit\"\ntime = [\"%d %B %Y\"]\nseparator = \";\"\n"
                  "publish_anyway = true\n[columns]\nid = \"ID\"\nopened = \"Tanggal\"\n"
                  "text = \"Isi\"\nclass = \"Jenis\"\n[constants]\ncategory = \"roads\"\n"
                  "privacy = \"public\"\n[values.class]\n\"Aspirasi\" = \"information\"\n") +
          '\0' + "ID;Tanggal;Isi;Jenis\n1;2 Januari 2020;Jalan;Aspirasi\n");
}

void add_rows(Corpus& corpus) {
  CaseRow row;
  row.origin = row.custodian = member_id("51.03");
  row.id = CaseId::derive(row.origin, sha256(Bytes{1}));
  row.region = "51.03";
  row.category = "roads.potholes";
  corpus.add("case_row", "open", encode_case_row(row));
  row.status = CaseStatus::kClosed;
  row.offer = CaseRow::OpenOffer{member_id("51"), Instant(Duration(1'767'225'600'000))};
  row.closed_at = row.offer->due;
  row.outcome = Outcome::kResolved;
  row.audience = {member_id("51"), member_id("pupr")};
  corpus.add("case_row", "closed", encode_case_row(row));
}

void add_markers(Corpus& corpus) {
  corpus.add("restore_marker", "running", to_text(RestoreMarker{Bytes(16, 1), {}}));
  corpus.add("restore_marker", "starting", to_text(RestoreMarker{Bytes(16, 1), Bytes(16, 2)}));
  corpus.add("restore_marker", "head", to_text(OwnHead{2, 1234}));
}

void add_names(Corpus& corpus) {
  int number = 0;
  for (const char* text :
       {"51", "51.03", "kemenpanrb", "a-slug-of-31-characters-in-all1", "51.03/1", "hub/4294967295",
        "51.03/1#42", "tcp://hub.example.go.id:7100", "tcp://[fe80::1]:7100",
        "tcp://10.0.0.1:65535"}) {
    corpus.add("member_id", std::to_string(++number), text);
  }
  SeededRandom random(8);
  for (const char* origin : {"51", "51.03", "kemenpanrb", "a-slug-of-31-characters-in-all1"}) {
    corpus.add("case_id", std::to_string(++number), CaseId::make(member_id(origin), random).text());
  }
  for (const char* text : {"2026-01-05", "2026-01-05T08:00:00Z", "2026-01-05T08:00:00.123+07:00",
                           "2024-02-29T23:59:60-03:30"}) {
    corpus.add("time", std::to_string(++number), text);
  }
  const Bytes some(20, 0xa7);
  corpus.add("text", "hex", to_hex(some));
  corpus.add("text", "base64", to_base64(some));
  corpus.add("text", "utf8", "Pelapor \u00e9\u4e2d\U0001f600 \u202e\u200f");
  corpus.add("text", "terminal", "\x1b[31mmerah\x1b[0m\r\n\ttab \xff");
}

}  // namespace

void add_files(Corpus& corpus) {
  add_config(corpus);
  add_json(corpus);
  add_policies(corpus);
  add_requests_of_a_city(corpus);
  add_tables(corpus);
  add_markers(corpus);
  add_rows(corpus);
  add_names(corpus);
}

}  // namespace simpul::fuzz
