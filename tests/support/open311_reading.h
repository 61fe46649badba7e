// An independent reading of a GeoReport v2 file: who had each request, one after the other, and
// whether it is closed. It shares nothing with the importer but the mapping of names, and knows
// only files in which every follow-on but the last one of a request was closed. Header only.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace simpul::test {

struct CustodyReading {
  std::vector<std::string> custodians;  // the origin first
  bool closed = false;
};

using Agencies = std::map<std::string, std::string>;

inline std::string whole_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// By service_request_id; requests of unknown agencies are left out.
inline std::map<std::string, CustodyReading> read_custody(const std::string& path,
                                                          const Agencies& agencies) {
  std::map<std::string, CustodyReading> readings;
  for (const auto& record : nlohmann::json::parse(whole_file(path))) {
    const auto origin = agencies.find(record.at("agency_responsible"));
    if (origin == agencies.end()) continue;
    std::set<std::string> closed;
    for (const auto& note : record.at("notes")) {
      if (note.at("type") != "follow_on_closed") continue;
      closed.insert(note.at("extended_attributes").at("service_request_id"));
    }
    CustodyReading reading{{origin->second}, record.at("status") == "closed"};
    for (const auto& note : record.at("notes")) {
      if (note.at("type") != "follow_on_created") continue;
      const auto& follow_on = note.at("extended_attributes");
      const auto receiver = agencies.find(follow_on.at("agency_responsible"));
      if (receiver == agencies.end()) continue;
      reading.custodians.push_back(receiver->second);
      if (closed.contains(follow_on.at("service_request_id"))) {
        reading.custodians.push_back(origin->second);
      }
    }
    readings[record.at("service_request_id")] = reading;
  }
  return readings;
}

// The city's real requests, kept beside a checkout and never in it. Empty where there are none.
inline std::string chicago_file() {
  for (const char* above : {"/../shared/data/", "/../../shared/data/"}) {
    const std::string path = std::string(SIMPUL_SOURCE_DIR) + above + "chicago-open311.json";
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

inline Agencies chicago_agencies() {
  return {{"DOB - Conservation", "conservation"},
          {"Buildings", "buildings"},
          {"DIM, Public Way Management - CDOT", "public-way"},
          {"Division of In-House Construction CDOT", "public-way"},
          {"Division of Electrical Operations CDOT", "public-way"},
          {"Transportation", "transportation"},
          {"Water Management", "water"}};
}

}  // namespace simpul::test
