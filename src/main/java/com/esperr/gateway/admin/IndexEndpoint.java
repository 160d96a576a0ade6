package com.esperr.gateway.admin;

import java.util.List;

/** {@code /}: a page of links to the other endpoints that are there. Immutable. */
final class IndexEndpoint implements Endpoint {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>esper-gateway</title>
            <h1>esper-gateway</h1>
            <ul>
            %s</ul>
            </html>
            """;

    private final List<Endpoint> endpoints;

    IndexEndpoint(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public String about() {
        return "this page";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        StringBuilder links = new StringBuilder();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.present()) {
                links.append("<li><a href=\"%1$s\">%1$s</a> %2$s\n".formatted(endpoint.path(), endpoint.about()));
            }
        }
        return AdminReply.html(200, PAGE.formatted(links));
    }
}
