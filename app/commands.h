// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "app/exit_status.h"

// One function per verb: each adds its command to the program and, when that command is the one
// given, leaves in `chosen` what is to be run.
namespace cleangate::app {

class Command;

using Chosen = std::function<ExitStatus()>;

void add_measure(Command program, Chosen& chosen);
void add_check(Command program, Chosen& chosen);
void add_ingest(Command program, Chosen& chosen);
void add_judge(Command program, Chosen& chosen);
void add_verify(Command program, Chosen& chosen);
void add_find(Command program, Chosen& chosen);
void add_show(Command program, Chosen& chosen);
void add_tag(Command program, Chosen& chosen);
void add_note(Command program, Chosen& chosen);
void add_waive(Command program, Chosen& chosen);
void add_export(Command program, Chosen& chosen);
void add_stats(Command program, Chosen& chosen);
void add_sql(Command program, Chosen& chosen);
void add_catalog(Command program, Chosen& chosen);
void add_specs(Command program, Chosen& chosen);
void add_doctor(Command program, Chosen& chosen);
// The commands of the public contract that are not built yet: each says so.
void add_unbuilt(Command program, Chosen& chosen);

// One line on stderr; returns ExitStatus::usage.
ExitStatus usage_error(const std::string& message);
// Writes to stdout; a failure to write is remembered for `finish_output`.
void print(const std::string& text);
// The same for what somebody may be waiting for: it leaves at once, into a pipe too.
void print_now(const std::string& text);
// Flushes stdout: `status`, or usage with a message when something could not be written.
[[nodiscard]] ExitStatus finish_output(ExitStatus status);

}  // namespace cleangate::app
