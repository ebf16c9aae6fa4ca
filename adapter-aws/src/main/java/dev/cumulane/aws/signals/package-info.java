// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The signals of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.signals;

import org.jspecify.annotations.NullMarked;
