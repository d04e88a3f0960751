package io.giftorders.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.DigestUtils;

/**
 * Every file of the pages, by its path. Their edition, a hash of all of them, is part of the addresses that a page names:
 * {@code /assets/<edition>/shop.js}. So a browser keeps them for good, and a deployment shows at once.
 */
final class PageFiles {

    private static final String ASSETS = "/assets/";
    private static final int EDITION_LENGTH = 12;

    private final String edition;
    private final Map<String, PageFile> pages = new HashMap<>();
    private final Map<String, PageFile> assets = new HashMap<>();

    PageFiles(Map<String, byte[]> files) {
        this.edition = edition(files);
        files.forEach((name, bytes) -> {
            MediaType type = typeOf(name);
            if (name.endsWith(".html")) {
                pages.put(pathOf(name), new PageFile(ofThisEdition(bytes), type));
            } else {
                assets.put(name, new PageFile(bytes, type));
            }
        });
    }

    /** Reads all. Blocks. */
    static PageFiles read() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:pages/*.*")) {
            files.put(Objects.requireNonNull(file.getFilename()), file.getContentAsByteArray());
        }
        for (Library library : Library.ALL) {
            files.put("lib/" + library.name(), library.read());
        }
        return new PageFiles(files);
    }

    @Nullable
    Found find(String path) {
        if (!path.startsWith(ASSETS)) {
            return Found.of(pages.get(path), false);
        }
        String name = path.substring(ASSETS.length());
        int slash = name.indexOf('/');
        boolean ofAnEdition = slash == EDITION_LENGTH;
        // another edition's: the page came from another instance, while one is being replaced
        return ofAnEdition
                ? Found.of(assets.get(name.substring(slash + 1)), name.startsWith(edition))
                : Found.of(assets.get(name), false);
    }

    /** @param unchanging whether there will never be another file under this path */
    record Found(PageFile file, boolean unchanging) {

        static @Nullable Found of(@Nullable PageFile file, boolean unchanging) {
            return file == null ? null : new Found(file, unchanging);
        }
    }

    private byte[] ofThisEdition(byte[] html) {
        return new String(html, StandardCharsets.UTF_8)
                .replace('"' + ASSETS, '"' + ASSETS + edition + '/')
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String pathOf(String html) {
        String name = html.substring(0, html.length() - ".html".length());
        return name.equals("shop") ? "/" : "/" + name;
    }

    private static MediaType typeOf(String name) {
        MediaType type = MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM);
        return type.getType().equals("text") ? new MediaType(type, StandardCharsets.UTF_8) : type;
    }

    private static String edition(Map<String, byte[]> files) {
        StringBuilder hashes = new StringBuilder();
        files.forEach((name, bytes) -> hashes.append(name).append(DigestUtils.md5DigestAsHex(bytes)));
        return DigestUtils.md5DigestAsHex(hashes.toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, EDITION_LENGTH);
    }
}
