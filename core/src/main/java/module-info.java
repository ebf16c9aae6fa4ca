// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** A CI/CD engine that is a library: pipelines in Java, run by a pure machine over a cloud's own services. */
module dev.cumulane.core {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires com.google.common;
    requires io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires java.net.http;
    requires java.xml;
    requires org.slf4j;

    exports dev.cumulane.cloud;
    exports dev.cumulane.engine;
    exports dev.cumulane.notify;
    exports dev.cumulane.people;
    exports dev.cumulane.pipeline;
    exports dev.cumulane.run;
    exports dev.cumulane.source;
    exports dev.cumulane.testing;

    uses dev.cumulane.cloud.CloudProvider;
}
