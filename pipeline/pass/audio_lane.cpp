// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/audio_lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "probes/bitstream/amr.h"
#include "probes/bitstream/mpeg_audio.h"

namespace cleangate::pass {
namespace {
constexpr std::uint64_t kBatchBytes = 256 << 10;
constexpr std::size_t kBatchPackets = 32;
constexpr std::size_t kErrorsKept = 1000;
constexpr std::int64_t kLongestGap = 1 << 22;  // samples made up for lost packets in a row
constexpr std::int64_t kSilence = 1 << 16;     // at a time

// A table in the place of the first frame, where the demuxer has not taken it for itself; what is
// too short for the header of a frame (a stray byte behind the last one).
bool holds_no_sound(std::span<const std::byte> mp3, std::int64_t ordinal) {
  return mp3.size() < 4 || (ordinal == 0 && probes::mp3_table(mp3).has_value());
}

// Codecs that give back the integers they were given.
bool is_lossless(std::string_view codec) {
  static constexpr std::array<std::string_view, 10> kCodecs{
      "flac", "alac", "wavpack", "tta", "ape", "tak", "mlp", "truehd", "shorten", "s302m"};
  return std::find(kCodecs.begin(), kCodecs.end(), codec) != kCodecs.end();
}

std::string form_text(int channels, int rate) {
  return fmt::format("{} channel{} at {} Hz", channels, channels == 1 ? "" : "s", rate);
}
}  // namespace

AudioLane::AudioLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream)
    : flow_(flow),
      gate_(gate),
      stream_(stream),
      wants_energy_(gate.wants(probes::AudioEnergyRow::kType.name)),
      wants_peak_(gate.wants(probes::AudioPeakRow::kType.name)),
      strand_(flow) {}

void AudioLane::packet(const av::Packet& packet) {
  if (!open_) open_ = std::make_shared<Batch>();
  open_->push_back(packet.share());
  open_bytes_ += packet.bytes();
  if (open_bytes_ >= kBatchBytes || open_->size() >= kBatchPackets) post();
}

void AudioLane::post() {
  if (!open_) return;
  strand_.post(std::exchange(open_bytes_, 0),
               [this, batch = std::exchange(open_, nullptr)] { work(*batch, false); });
}

void AudioLane::finish() {
  post();
  strand_.post(0, [this] { work({}, true); });
}

void AudioLane::work(const Batch& batch, bool last) {
  if (!begun_) {
    begun_ = true;
    if (stream_.codec == "flac") flac_ = FlacCheck::make(stream_.configuration);
    auto opened = av::AudioDecoder::open(stream_);
    if (opened)
      decoder_ = std::move(*opened);
    else
      report(opened.error().message);
  }
  if (!decoder_) return;
  for (const av::Packet& packet : batch) decode(packet);
  if (last) {
    decoder_->drain(*this);
    for (const auto& error : decoder_->take_errors()) report(error.text);
    // What is known to be damaged need not be told twice.
    if (flac_ && errors_total_ == 0)
      if (auto wrong = flac_->finish()) report(std::move(*wrong));
    if (analyzer_ && !closed_) analyzer_->finish();
  }
  hand_rows();
  if (!claims_.channels) claims_ = decoder_->claims();
  if (last) decoder_.reset();
}

void AudioLane::decode(const av::Packet& packet) {
  if (packet.encrypted()) {
    report("The packet is encrypted.");
    return conceal(packet);
  }
  if (stream_.codec == "mp3" && holds_no_sound(packet.view().bytes, ordinal_)) {
    ++ordinal_;
    return;
  }
  if (probes::is_amr_pause(stream_.codec, packet.view().bytes) && channels_ > 0 && !closed_)
    return fill(packet.view().duration, Blank::silence);
  const std::int64_t before = blocks_;
  decoder_->decode(packet, ordinal_++, *this);
  const auto errors = decoder_->take_errors();
  for (const av::DecodeError& error : errors) report(error.text);
  if (blocks_ == before && !errors.empty() && !packet.view().discard) conceal(packet);
}

// What a lost packet would have brought, as damaged silence, so that what follows keeps its place.
// How many samples that is tells the first block that decodes.
void AudioLane::conceal(const av::Packet& packet) {
  if (closed_) return;
  if (channels_ == 0)
    lost_ticks_ += packet.view().duration;
  else
    fill(packet.view().duration, Blank::damage);
}

void AudioLane::fill(std::int64_t ticks, Blank what) {
  const auto span = checked_mul(stream_.time_base, Rational(ticks));
  const auto count = span ? checked_mul(*span, Rational(rate_)) : span;
  if (!count) return;
  std::int64_t blank = std::min(count->round(), kLongestGap);
  const std::vector<float> silence(
      static_cast<std::size_t>(std::clamp<std::int64_t>(blank, 0, kSilence)));
  const std::vector<const void*> planes(static_cast<std::size_t>(channels_), silence.data());
  for (; blank > 0; blank -= kSilence) {
    AudioBlock made;
    made.type = SampleType::f32;
    made.channels = channels_;
    made.sample_rate = rate_;
    made.samples = std::min(blank, kSilence);
    made.planes = planes.data();
    made.damaged = what == Blank::damage;
    place(made);
  }
}

void AudioLane::block(const AudioBlock& given) {
  ++blocks_;
  if (flac_) flac_->add(given);
  if (closed_) return;
  if (channels_ == 0) {
    channels_ = given.channels;
    rate_ = given.sample_rate;
    formats_.see({0, channels_, rate_}, samples_);
    if (!probes::SoundAnalyzer::supports(channels_, rate_)) {
      report(fmt::format("Sound of {} channels at {} Hz cannot be measured.", channels_, rate_));
      closed_ = true;
      return;
    }
    if (is_lossless(stream_.codec)) scanner_ = std::make_unique<probes::PcmScanner>(channels_);
    if (wants_energy_ || wants_peak_)
      analyzer_ = std::make_unique<probes::SoundAnalyzer>(channels_, rate_);
    fill(std::exchange(lost_ticks_, 0), Blank::damage);
  }
  if (given.channels != channels_ || given.sample_rate != rate_) {
    formats_.see({0, given.channels, given.sample_rate}, samples_);
    report(fmt::format("The sound changes from {} to {}; it is not measured from there.",
                       form_text(channels_, rate_), form_text(given.channels, given.sample_rate)));
    closed_ = true;
    if (analyzer_) analyzer_->finish();
    return;
  }
  if (given.damaged && errors_total_ == 0) report("The decoder concealed damage in this sound.");
  if (scanner_) scanner_->add(given);
  place(given);
}

void AudioLane::place(const AudioBlock& given) {
  AudioBlock placed = given;
  placed.first_sample = samples_;
  if (analyzer_) analyzer_->feed(placed);
  samples_ += placed.samples;
}

void AudioLane::hand_rows() {
  if (!analyzer_) return;
  for (int channel = 0; channel < channels_; ++channel) {
    const auto energy = analyzer_->take_energy_rows(channel);
    const auto peak = analyzer_->take_peak_rows(channel);
    const auto id = [&](const probes::RowType& type) {
      return probes::SeriesId{stream_.index,          channel,      -1, -1,
                              std::string(type.name), type.version, {}};
    };
    if (wants_energy_)
      gate_.rows(id(probes::AudioEnergyRow::kType), std::as_bytes(std::span(energy)));
    if (wants_peak_) gate_.rows(id(probes::AudioPeakRow::kType), std::as_bytes(std::span(peak)));
  }
}

void AudioLane::report(std::string text) {
  ++errors_total_;
  if (errors_.size() < kErrorsKept) errors_.push_back({stream_.index, samples_, std::move(text)});
}

std::optional<std::int64_t> AudioLane::samples() const {
  if (closed_ || channels_ == 0) return std::nullopt;
  return samples_;
}

}  // namespace cleangate::pass
