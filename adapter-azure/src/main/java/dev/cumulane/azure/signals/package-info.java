// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The signals of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.signals;

import org.jspecify.annotations.NullMarked;
