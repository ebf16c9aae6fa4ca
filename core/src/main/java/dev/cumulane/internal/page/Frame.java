// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Address;
import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What all pages have around them. */
final class Frame {
    private static final String RELOAD_SECONDS = "5";

    private Frame() {}

    /** The places of the menu. */
    enum Place {
        RUNS("Runs", ""),
        ENVIRONMENTS("Environments", "environments"),
        REPOSITORIES("Repositories", "repositories"),
        NONE("", "");

        private final String text;
        private final String segment;

        Place(String text, String segment) {
            this.text = text;
            this.segment = segment;
        }

        private Address address() {
            return segment.isEmpty() ? Address.ours() : Address.ours(segment);
        }
    }

    /**
     * Where a page that changes by itself gets its news.
     *
     * @param address the address, to which the script adds what it has seen
     * @param seen what this page shows: the number of a record, or a digest
     */
    record Live(Address address, String seen) {}

    /**
     * What is inside the frame.
     *
     * @param title what the window is called
     * @param place the entry of the menu it belongs to
     * @param content the content
     * @param live where it gets its news, if it changes by itself
     */
    record Page(String title, Place place, Html content, Optional<Live> live) {
        /** A page that does not change by itself. */
        Page(String title, Place place, Html... content) {
            this(title, place, Html.of(content), Optional.empty());
        }
    }

    /** The whole document. */
    static String document(Page page, Optional<String> visitor) {
        Html.Element body = Tag.BODY.of(
                Tag.A.cls("skip").of("Skip to the content").to(new Address("/").at("content")),
                header(page.place(), visitor),
                content(page),
                Tag.FOOTER.of(Tag.P.of("Times are UTC.")));
        return "<!doctype html>\n"
                + Tag.HTML.of(head(page), body).with(Attr.LANG, "en").markup() + "\n";
    }

    /** The part of the document that changes. */
    static Html content(Page page) {
        Html.Element main = Tag.MAIN.of(page.content()).with(Attr.ID, "content").with(Attr.TABINDEX, "-1");
        return page.live().isEmpty()
                ? main
                : main.live(page.live().get().address())
                        .with(Attr.DATA_SEEN, page.live().get().seen());
    }

    private static Html head(Page page) {
        List<Html> head = new ArrayList<>(List.of(
                Tag.META.of().with(Attr.CHARSET, "utf-8"),
                Tag.META.of().with(Attr.NAME, "viewport").with(Attr.CONTENT, "width=device-width, initial-scale=1"),
                Tag.META.of().with(Attr.NAME, "color-scheme").with(Attr.CONTENT, "light dark"),
                Tag.TITLE.of(page.title() + " · Cumulane"),
                Tag.LINK
                        .of()
                        .with(Attr.REL, "icon")
                        .with(Attr.TYPE, "image/svg+xml")
                        .to(Asset.ICON.address()),
                Tag.LINK.of().with(Attr.REL, "stylesheet").to(Asset.STYLE.address())));
        if (page.live().isPresent()) {
            head.add(Tag.SCRIPT.of().to(Asset.SCRIPT.address()).with(Attr.DEFER));
            head.add(Tag.NOSCRIPT.of(
                    Tag.META.of().with(Attr.HTTP_EQUIV, "refresh").with(Attr.CONTENT, RELOAD_SECONDS)));
        }
        return Tag.HEAD.of(head);
    }

    private static Html header(Place here, Optional<String> visitor) {
        List<Html> entries = new ArrayList<>();
        for (Place place : Place.values()) {
            if (place != Place.NONE) {
                Html.Element link = Tag.A.of(place.text).to(place.address());
                entries.add(Tag.LI.of(place == here ? link.with(Attr.ARIA_CURRENT, "page") : link));
            }
        }
        Html who = Html.of(visitor.map(name -> Tag.P.cls("visitor").of(Html.text("You are "), Bits.text(name))));
        return Tag.HEADER
                .cls("top")
                .of(
                        Tag.A.cls("brand").of("Cumulane").to(Address.ours()),
                        Tag.NAV.of(Tag.UL.of(entries)).with(Attr.ARIA_LABEL, "Pages"),
                        who);
    }
}
