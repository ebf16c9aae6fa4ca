// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Emulators of AWS services on the loopback address, and the faults between them and the adapter. */
@NullMarked
package dev.cumulane.aws.emulator;

import org.jspecify.annotations.NullMarked;
