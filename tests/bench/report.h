// What a run has measured: printed as tables while it goes, or as one JSON document at its end.
#pragma once

#include <string>
#include <vector>

namespace simpul::bench {

struct Figure {
  std::string section, name;
  double value = 0;
  std::string unit;
  std::string beside;  // what it is compared with; empty: nothing
  double limit = 0;
  double ratio() const { return limit != 0 ? value / limit : 0; }
};

class Report {
 public:
  explicit Report(bool as_json) : as_json_(as_json) {}

  void begin(const std::string& section, const std::string& what);
  void add(const std::string& name, double value, const std::string& unit);
  // Beside a limit of this machine, or an aim, with the ratio of the two.
  void add(const std::string& name, double value, const std::string& unit,
           const std::string& beside, double limit);
  // The JSON document, if that is wanted.
  void finish() const;

 private:
  void print(const Figure& figure) const;
  bool as_json_;
  std::string section_;
  std::vector<Figure> figures_;
};

}  // namespace simpul::bench
