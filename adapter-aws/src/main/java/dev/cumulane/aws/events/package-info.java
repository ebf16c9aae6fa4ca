// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The event sink of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.events;

import org.jspecify.annotations.NullMarked;
