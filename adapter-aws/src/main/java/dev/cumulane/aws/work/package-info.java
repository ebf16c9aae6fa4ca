// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Work on AWS: container builds on CodeBuild, function stages on Lambda. */
@NullMarked
package dev.cumulane.aws.work;

import org.jspecify.annotations.NullMarked;
