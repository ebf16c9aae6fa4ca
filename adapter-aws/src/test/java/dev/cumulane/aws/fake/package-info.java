// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Small fakes of AWS services on loopback, and the checker that holds them and their callers to the published service models. */
@NullMarked
package dev.cumulane.aws.fake;

import org.jspecify.annotations.NullMarked;
