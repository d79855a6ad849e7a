// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "app/exit_status.h"

namespace CLI {
class App;
}

// One function per verb: each adds its command to the program and, when that command is the one
// given, leaves in `chosen` what is to be run.
namespace cleangate::app {

using Chosen = std::function<ExitStatus()>;

void add_measure(CLI::App& program, Chosen& chosen);
void add_check(CLI::App& program, Chosen& chosen);
void add_ingest(CLI::App& program, Chosen& chosen);
void add_judge(CLI::App& program, Chosen& chosen);
void add_verify(CLI::App& program, Chosen& chosen);
void add_find(CLI::App& program, Chosen& chosen);
void add_show(CLI::App& program, Chosen& chosen);
void add_tag(CLI::App& program, Chosen& chosen);
void add_note(CLI::App& program, Chosen& chosen);
void add_waive(CLI::App& program, Chosen& chosen);
void add_export(CLI::App& program, Chosen& chosen);
void add_stats(CLI::App& program, Chosen& chosen);
void add_sql(CLI::App& program, Chosen& chosen);
void add_catalog(CLI::App& program, Chosen& chosen);
void add_specs(CLI::App& program, Chosen& chosen);
void add_doctor(CLI::App& program, Chosen& chosen);
// The commands of the public contract that are not built yet: each says so.
void add_unbuilt(CLI::App& program, Chosen& chosen);

// One line on stderr; returns ExitStatus::usage.
ExitStatus usage_error(const std::string& message);
// Writes to stdout; a failure to write is remembered for `finish_output`.
void print(const std::string& text);
// The same for what somebody may be waiting for: it leaves at once, into a pipe too.
void print_now(const std::string& text);
// Flushes stdout: `status`, or usage with a message when something could not be written.
[[nodiscard]] ExitStatus finish_output(ExitStatus status);

}  // namespace cleangate::app
