// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/stream_lane.h"

#include <algorithm>

namespace cleangate::pass {
namespace {

using probes::RandomAccess;
using probes::StreamKind;

constexpr std::uint64_t kDigestBytes = 1 << 20;
constexpr std::size_t kDigestPackets = 256;

probes::StreamDescription description_of(const av::StreamInfo& stream) {
  probes::StreamDescription description;
  description.index = stream.index;
  description.kind = stream.kind;
  description.codec = stream.codec;
  description.codec_tag = stream.codec_tag;
  description.configuration = stream.configuration;
  description.time_base = stream.time_base;
  description.channels = stream.audio.channels.value_or(0);
  description.sample_rate = stream.audio.sample_rate.value_or(0);
  description.bits_per_sample = stream.bits_per_sample;
  return description;
}

bool never_referenced(const std::string& codec, char picture) {
  return picture == 'B' && (codec == "mpeg2video" || codec == "mpeg1video");
}

}  // namespace

StreamLane::StreamLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream,
                       const probes::MeasureRequest& request, const PassTuning& tuning)
    : flow_(flow),
      stream_(stream),
      depth_(request.depth),
      probe_(probes::make_stream_probe(description_of(stream))),
      index_(stream.kind, stream.time_base),
      hints_(request.essence_hints || request.depth != probes::Depth::header),
      essence_(stream),
      essence_strand_(flow),
      gate_(gate) {
  const bool times_wanted = std::find(request.rows.begin(), request.rows.end(),
                                      probes::kPacketTimes) != request.rows.end();
  if (depth_ == probes::Depth::packets && times_wanted && stream.kind == StreamKind::video)
    times_ = std::make_unique<FrameTimes>();
  if (depth_ != probes::Depth::decode || !stream.undecodable.empty()) return;
  const bool pictures =
      gate.wants(probes::FrameTimeRow::kType.name) ||
      std::any_of(tuning.analyzers.begin(), tuning.analyzers.end(),
                  [&](const probes::PictureAnalyzer& a) { return gate.wants(a.type->name); });
  if (stream.kind == StreamKind::video && pictures)
    video_ = std::make_unique<VideoLane>(flow, gate, stream, tuning);
  // Sound costs little to decode: whether it is damaged is known even when no row of it is wanted.
  if (stream.kind == StreamKind::audio) audio_ = std::make_unique<AudioLane>(flow, gate, stream);
}

void StreamLane::packet(const av::Packet& packet, double share_of_file) {
  PacketView view = packet.view();
  if (stream_.bare) view.pts = view.dts = std::nullopt;  // made up
  const bool encrypted = packet.encrypted();
  if (const auto record = packet.configuration(); !record.empty()) probe_->configure(record);
  const probes::PacketClass kind = encrypted ? probes::PacketClass{} : probe_->observe(view);
  if (stream_.bare) view.duration = bare_duration(view.duration);
  index_.add(view, kind);
  if (view.pts) seconds_ = static_cast<double>(*view.pts) * stream_.time_base.to_double();
  ++packets_;
  payload_bytes_ += view.bytes.size();
  if (!hints_) return;
  digest(packet);
  if (depth_ == probes::Depth::header) return;
  if (times_)
    times_->add(note_of(view, kind), !kind.hidden && !kind.second_field && !view.bytes.empty());
  if (video_) {
    PacketNote note = note_of(view, kind);
    note.encrypted = encrypted;
    video_->packet(packet, note, share_of_file);
  }
  if (stream_.kind == StreamKind::audio) {
    const av::Packet::Trim trim = packet.trim();
    trimmed_.start += trim.start;
    trimmed_.end += trim.end;
  }
  if (audio_) audio_->packet(packet);
}

// How long a frame of a bare stream lasts, only its own headers tell.
std::int64_t StreamLane::bare_duration(std::int64_t guessed) const {
  const auto rate = probe_->video().frame_rate;
  if (!rate) return 0;
  // libav's parser counts by it, fields too.
  if (stream_.codec == "h264" || stream_.codec == "hevc") return guessed;
  const auto ticks = checked_mul(*rate, stream_.time_base);
  return ticks && *ticks > Rational(0) ? (Rational(1) / *ticks).round() : 0;
}

PacketNote StreamLane::note_of(const PacketView& view, const probes::PacketClass& kind) const {
  PacketNote note;
  note.pts = view.pts;
  note.dts = view.dts;
  note.duration = view.duration;
  note.key = view.key;
  note.discard = view.discard;
  note.corrupt = view.corrupt;
  note.second_field = kind.second_field;
  note.lacks_references = kind.lacks_references;
  note.damaged = kind.damaged;
  note.changes_sets = kind.changes_sets;
  note.restates_sets = kind.restates_sets;
  note.new_sequence = kind.new_sequence;
  note.format = kind.format;
  // Only where the packet's kind is known can a frame be missed.
  const bool known = stream_.intra_only || kind.picture != '?';
  note.expects_frame = known && !kind.hidden && !kind.second_field && !view.bytes.empty();
  note.unknown = !note.expects_frame && !kind.second_field;
  note.referenced = !stream_.intra_only && !never_referenced(stream_.codec, kind.picture);
  if (stream_.intra_only)
    note.access = kind.second_field ? RandomAccess::none : RandomAccess::closed;
  else
    note.access = kind.access;
  return note;
}

void StreamLane::digest(const av::Packet& packet) {
  if (!undigested_) undigested_ = std::make_shared<std::vector<av::Packet>>();
  undigested_->push_back(packet.share());
  undigested_bytes_ += packet.bytes();
  if (undigested_bytes_ >= kDigestBytes || undigested_->size() >= kDigestPackets) post_digest();
}

void StreamLane::post_digest() {
  if (!undigested_) return;
  essence_strand_.post(std::exchange(undigested_bytes_, 0),
                       [this, packets = std::exchange(undigested_, nullptr)] {
                         for (const av::Packet& packet : *packets)
                           essence_.add(packet.view().bytes);
                       });
}

void StreamLane::finish() {
  post_digest();
  if (times_) {
    const std::vector<probes::FrameTimeRow> rows = std::move(*times_).rows();
    gate_.rows({stream_.index, -1, -1, -1, std::string(probes::FrameTimeRow::kType.name),
                probes::FrameTimeRow::kType.version, probes::kPacketTimes},
               std::as_bytes(std::span(rows)));
  }
  if (video_) video_->finish();
  if (audio_) audio_->finish();
}

void StreamLane::close() {
  probe_->finish();
  if (video_) video_->close();
  closed_ = true;
}

probes::StreamObservation StreamLane::observe() {
  probes::StreamObservation seen;
  seen.index = stream_.index;
  seen.kind = stream_.kind;
  seen.native_id = stream_.native_id;
  seen.program_id = stream_.program_id;
  seen.codec = stream_.codec;
  seen.codec_tag = stream_.codec_tag;
  seen.time_base = stream_.time_base;
  seen.language = stream_.language;
  seen.start_ticks = stream_.start_ticks;
  seen.duration_ticks = stream_.duration_ticks;
  seen.demuxer_video = stream_.video;
  seen.demuxer_audio = stream_.audio;
  seen.bitstream_video = probe_->video();
  seen.bitstream_audio = probe_->audio();
  if (!closed_) return seen;
  seen.timecodes = probe_->timecodes();
  seen.captions = probe_->captions();
  if (hints_) {
    if (stream_.kind == StreamKind::audio && depth_ != probes::Depth::header) {
      seen.trimmed_start = trimmed_.start;
      seen.trimmed_end = trimmed_.end;
    }
    const Sha256 digest = essence_.finish();
    if (depth_ != probes::Depth::header) seen.essence_digest = digest;
    if (depth_ != probes::Depth::header || hinted()) seen.essence_hint = essence_.hint();
  }
  if (depth_ == probes::Depth::header) return seen;
  const auto nominal = seen.bitstream_video.frame_rate ? seen.bitstream_video.frame_rate
                                                       : seen.demuxer_video.frame_rate;
  seen.timing = index_.timing(std::nullopt, nominal);
  seen.gop = index_.gop();
  seen.bit_rate = index_.bit_rate();
  seen.embedded_audio = probe_->embedded_audio();
  seen.embedded_looked_for = stream_.kind == StreamKind::audio;
  if (video_) {
    seen.decoder_video = video_->claims();
    auto outcome = video_->outcome();
    if (outcome.frames > 0) seen.decoded_frames = outcome.presented;
    seen.picture_formats = std::move(outcome.formats);
  }
  if (audio_) {
    seen.decoder_audio = audio_->claims();
    seen.decoded_samples = audio_->samples();
    seen.sound_formats = audio_->formats();
    if (!seen.embedded_audio) seen.embedded_audio = audio_->embedded();
  }
  if (seen.picture_formats.empty()) seen.picture_formats = probe_->picture_formats();
  return seen;
}

void StreamLane::add_decode(probes::DecodeFacts& facts, std::size_t most) const {
  // Every stream keeps its own first errors, whatever befell the others.
  const auto add = [&](const std::vector<probes::Damage>& errors, std::int64_t total) {
    facts.errors_total += total;
    const auto kept = static_cast<std::ptrdiff_t>(std::min(most, errors.size()));
    facts.errors.insert(facts.errors.end(), errors.begin(), errors.begin() + kept);
  };
  if (video_) {
    const auto outcome = video_->outcome();
    facts.frames += outcome.frames;
    facts.damaged_frames += outcome.damaged;
    add(outcome.errors, outcome.errors_total);
  }
  if (audio_) add(audio_->errors(), audio_->errors_total());
  const bool essence = stream_.kind == StreamKind::video || stream_.kind == StreamKind::audio;
  if (essence && !stream_.undecodable.empty())
    add({{stream_.index, std::nullopt, stream_.undecodable + " The stream was not measured."}}, 1);
}

}  // namespace cleangate::pass
