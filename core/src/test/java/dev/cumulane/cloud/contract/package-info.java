// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What every implementation of a port must do, as tests: one abstract class for each port. An adapter extends it and makes the port. */
@NullMarked
package dev.cumulane.cloud.contract;

import org.jspecify.annotations.NullMarked;
