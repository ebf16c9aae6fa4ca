// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The pure heart: decides, from plan, state, signal and time, what is recorded next. */
@NullMarked
package dev.cumulane.internal.machine;

import org.jspecify.annotations.NullMarked;
