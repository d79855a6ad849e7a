// SPDX-License-Identifier: Apache-2.0
#include "dam/memory_evidence.h"
