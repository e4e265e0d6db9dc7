pub mod diagnostic;
pub mod load;
pub mod model;
pub mod prefix;
pub mod schema;
pub mod source;
pub mod suggest;
pub mod vocab;
