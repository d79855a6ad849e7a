// SPDX-License-Identifier: Apache-2.0
#include "tests/probes/bitstream/real_stream.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace cleangate::test {
namespace {

using nlohmann::json;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string output_of(const std::string& command) {
  std::string out;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return out;
  std::array<char, 1 << 16> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// "\n00000000: 0164 001f …  ascii\n": ffprobe's dump of bytes.
std::vector<std::byte> from_dump(const std::string& dump) {
  std::vector<std::byte> bytes;
  std::size_t line = 0;
  while (line < dump.size()) {
    std::size_t end = dump.find('\n', line);
    if (end == std::string::npos) end = dump.size();
    const std::size_t colon = dump.find(": ", line);
    if (colon < end) {
      const std::size_t stop = std::min(end, colon + 2 + 40);
      for (std::size_t i = colon + 2; i + 1 < stop;) {
        const int high = hex_digit(dump[i]), low = hex_digit(dump[i + 1]);
        if (high < 0) {
          ++i;
          continue;
        }
        if (low < 0) break;
        bytes.push_back(static_cast<std::byte>(high * 16 + low));
        i += 2;
      }
    }
    line = end + 1;
  }
  return bytes;
}

json probe(const std::filesystem::path& file, const std::string& which,
           const std::string& arguments) {
  const std::string command = fmt::format("ffprobe -v quiet -of json {} -select_streams {} {}",
                                          arguments, which, quoted(file.string()));
  return json::parse(output_of(command), nullptr, false);
}

std::optional<std::int64_t> integer(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (found->is_string()) return std::strtoll(found->get<std::string>().c_str(), nullptr, 10);
  return std::nullopt;
}

void describe(RealStream& stream) {
  auto& d = stream.description;
  const auto number = [&](const char* name) { return std::atoi(stream.fact(name).c_str()); };
  d.index = number("index");
  d.kind =
      stream.fact("codec_type") == "audio" ? probes::StreamKind::audio : probes::StreamKind::video;
  d.codec = stream.fact("codec_name");
  d.codec_tag =
      static_cast<std::uint32_t>(std::strtoul(stream.fact("codec_tag").c_str(), nullptr, 16));
  d.configuration = stream.configuration;
  d.channels = number("channels");
  d.sample_rate = number("sample_rate");
  d.bits_per_sample = number("bits_per_sample");
  std::int64_t num = 1, den = 1;
  std::sscanf(stream.fact("time_base").c_str(), "%ld/%ld", &num, &den);
  d.time_base = Rational(num, den);
}

}  // namespace

PacketView RealStream::view(std::size_t i) const {
  const Packet& p = packets[i];
  PacketView view;
  view.stream = description.index;
  view.pts = p.pts;
  view.dts = p.dts;
  view.duration = p.duration;
  view.key = p.key;
  view.discard = p.discard;
  view.bytes = p.bytes;
  return view;
}

std::string RealStream::fact(const std::string& name) const {
  const auto found = facts.find(name);
  return found == facts.end() ? std::string() : found->second;
}

bool have_ffmpeg() {
  static const bool have =
      std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
  return have;
}

std::optional<std::filesystem::path> made_with_ffmpeg(const std::string& name,
                                                      const std::string& arguments) {
  const std::filesystem::path directory =
      std::filesystem::path(CLEANGATE_BINARY_DIR) / "tests" / "bitstream_media";
  std::filesystem::create_directories(directory);
  const std::filesystem::path file = directory / name;
  const std::filesystem::path mark = directory / (name + ".made-with");
  const std::string command = "ffmpeg -v error -nostdin -y " + arguments;
  if (std::filesystem::exists(file) && output_of("cat " + quoted(mark.string())) == command)
    return file;
  // Tests run at the same time: made beside, then renamed.
  const std::filesystem::path fresh = directory / fmt::format("{}-{}", ::getpid(), name);
  if (std::system((command + " " + quoted(fresh.string()) + " 2>/dev/null").c_str()) != 0) {
    std::filesystem::remove(fresh);
    return std::nullopt;
  }
  std::filesystem::rename(fresh, file);
  if (std::FILE* out = std::fopen(mark.c_str(), "w")) {
    std::fputs(command.c_str(), out);
    std::fclose(out);
  }
  return file;
}

std::optional<RealStream> read_stream(const std::filesystem::path& file, const std::string& which,
                                      const std::string& options) {
  const json all = probe(file, which, options + " -show_streams -show_packets -show_data");
  if (!all.is_object() || !all.contains("streams") || all["streams"].empty()) return std::nullopt;
  RealStream stream;
  for (const auto& [key, value] : all["streams"][0].items()) {
    if (value.is_string())
      stream.facts[key] = value.get<std::string>();
    else if (value.is_primitive())
      stream.facts[key] = value.dump();
  }
  stream.configuration = from_dump(stream.fact("extradata"));
  describe(stream);
  for (const json& packet : all.value("packets", json::array())) {
    RealStream::Packet read;
    read.pts = integer(packet, "pts");
    read.dts = integer(packet, "dts");
    read.duration = integer(packet, "duration").value_or(0);
    const std::string flags = packet.value("flags", "");
    read.key = flags.find('K') != std::string::npos;
    read.discard = flags.find('D') != std::string::npos;
    read.bytes = from_dump(packet.value("data", ""));
    stream.packets.push_back(std::move(read));
  }
  stream.description.configuration = stream.configuration;
  return stream;
}

std::vector<RealFrame> read_frames(const std::filesystem::path& file, const std::string& which,
                                   const std::string& options) {
  const json all = probe(file, which, options + " -show_frames");
  std::vector<RealFrame> frames;
  if (!all.is_object()) return frames;
  for (const json& frame : all.value("frames", json::array()))
    frames.push_back({frame.value("pict_type", ""), frame.value("key_frame", 0) == 1,
                      frame.value("interlaced_frame", 0) == 1,
                      frame.value("top_field_first", 0) == 1});
  return frames;
}

Observed observe(const RealStream& stream) {
  Observed seen;
  probes::StreamDescription description = stream.description;
  description.configuration = stream.configuration;
  seen.probe = probes::make_stream_probe(description);
  seen.index = std::make_unique<probes::PacketIndex>(description.kind, description.time_base);
  for (std::size_t i = 0; i < stream.packets.size(); ++i) {
    const PacketView packet = stream.view(i);
    seen.classes.push_back(seen.probe->observe(packet));
    seen.index->add(packet, seen.classes.back());
  }
  seen.probe->finish();
  return seen;
}

}  // namespace cleangate::test
