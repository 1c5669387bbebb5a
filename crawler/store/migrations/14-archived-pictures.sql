-- Pictures that another tool archived, found by the address that a page names.
CREATE INDEX capture_picture ON capture (uri) WHERE mime >= 'image/' AND mime < 'image0';
