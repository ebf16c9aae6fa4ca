// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The emulator of Azure's storage on the loopback address, fakes of what has none, and the faults between them and the adapter. */
@NullMarked
package dev.cumulane.azure.emulator;

import org.jspecify.annotations.NullMarked;
