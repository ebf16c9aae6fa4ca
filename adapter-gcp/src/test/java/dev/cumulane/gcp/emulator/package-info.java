// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Stand-ins for the services of Google Cloud: the emulators of its SDK, fakes of our own, and those who count. */
@NullMarked
package dev.cumulane.gcp.emulator;

import org.jspecify.annotations.NullMarked;
