// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The signals of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.signals;

import org.jspecify.annotations.NullMarked;
